"""What the platform writes to people: e-mails, SMS and letters, their texts and their ports."""
