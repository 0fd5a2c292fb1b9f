"""The demo: two caisses, a fixed cast and living mail; made by ``manage.py demo``, repeatable."""
