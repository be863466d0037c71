"""The WSGI entry: `gunicorn wsgi:app`, `waitress-serve wsgi:app`."""

from admin_app.application import create_app

app = create_app()
