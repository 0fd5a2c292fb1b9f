"""REST views: mailbox, contents, documents, desk; each calls one service and shapes its answer."""
