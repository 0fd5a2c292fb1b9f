"""Catalogues of the interface's texts, without gettext's programs: gather, update, compile, check."""
