"""How many SMS a caisse has sent lately, for its budget."""

from __future__ import annotations

from django.db import models

from core.kernel.identifiers import new_id


class SmsUse(models.Model):
    """A counter for one bucket (``all``, or a number's first digits) and the start of its window."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bucket = models.CharField(max_length=20)
    window_start = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="sms_use_bucket", fields=["bucket", "window_start"]),)

    def __str__(self) -> str:
        return f"{self.bucket} {self.window_start:%Y-%m-%d %H:%M}: {self.used}"
