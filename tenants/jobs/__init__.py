"""Long work on whole caisses: asked for by operators, done by the provisioning worker, seen while it goes on."""
