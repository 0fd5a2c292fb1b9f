"""Long work on caisses as the console shows it: progress that survives a reload, and going on where it broke."""
