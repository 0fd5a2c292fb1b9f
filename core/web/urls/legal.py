"""The legal pages, under /legal/."""

from __future__ import annotations

from django.urls import path

from core.web.views import legal

urlpatterns = [path("", legal.show, name="legal")]
