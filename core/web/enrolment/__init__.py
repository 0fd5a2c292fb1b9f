"""The pages by which people come to an access: the public form, the desk, invitations, @Private, leaflets."""
