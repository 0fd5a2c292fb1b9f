"""Pages about the company: who acts for it, in what and how."""
