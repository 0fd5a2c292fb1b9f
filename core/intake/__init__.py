"""Files that people bring: looked into by content, read in a child process, turned into rows and findings."""
