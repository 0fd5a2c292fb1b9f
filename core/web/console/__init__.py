"""The caisse's console: every section of its configuration as a page, with preview, history and undo."""
