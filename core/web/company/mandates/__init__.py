"""A party's mandates: who acts for her, for whom she acts, what is asked for and answered."""
