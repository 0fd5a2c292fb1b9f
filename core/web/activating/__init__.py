"""What the pages of an activation share: what the browser keeps of it, and what each step shows."""
