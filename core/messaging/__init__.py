"""The mailbox: messages with a state, rows, findings, events, counters and receipts."""
