"""Terms of use: versions by kind of party and language, who accepted which, and what follows from it."""
