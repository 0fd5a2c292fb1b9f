"""Documents of a caisse: files that were uploaded, receipts and decisions that we made."""
