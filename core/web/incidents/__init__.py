"""Pages about incidents: reporting with and without a sign-in, the desk's list, a company's own, the receipt."""
