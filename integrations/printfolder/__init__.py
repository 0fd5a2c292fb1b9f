"""Letters as finished PDFs in a folder that a printing service or a franking machine empties."""
