"""Files that go out as tables: templates, findings, lists; and pasted tables that come in."""
