"""How the caisse would look: its real pages under colours and logo that are not saved yet."""
