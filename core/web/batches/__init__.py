"""Pages for handing in files of many clients at once."""
