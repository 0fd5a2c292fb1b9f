"""Evidence that convinces a third person: canonical JSON, signatures, sealed PDF files."""
