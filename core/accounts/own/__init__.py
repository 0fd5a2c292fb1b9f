"""What somebody changes and sees of her own account, whatever she does here."""
