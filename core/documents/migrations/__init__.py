"""Schema history of the documents room."""
