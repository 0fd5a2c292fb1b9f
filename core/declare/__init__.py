"""One declaration, from which form, REST serializer, JSON schema, receipt, spreadsheet and table are derived."""
