"""The language switch."""

from __future__ import annotations

from django.urls import path

from core.web.views import language

urlpatterns = [path("", language.choose, name="choose_language")]
