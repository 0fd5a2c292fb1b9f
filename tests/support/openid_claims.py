"""What the test's OpenID provider says of people beside who they are."""

from __future__ import annotations

import json

from django.conf import settings
from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):
    """Adds each person's own claims to her token, and never those of others."""

    oidc_claim_scope = None

    def get_additional_claims(self, request):
        return json.loads(settings.PEOPLE.read_text())[request.user.username]["claims"]
