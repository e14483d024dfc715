"""Makes ``twistd imchat`` exist; every twistd on the machine imports this, so it stays strings."""

from twisted.application.service import ServiceMaker

imchat = ServiceMaker("imchat", "imtwisted.tap", "A self-hosted chat server.", "imchat")
