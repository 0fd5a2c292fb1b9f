"""Business domains, one folder each; a theme imports no other theme."""
