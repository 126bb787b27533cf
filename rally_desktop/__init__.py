"""Rally Desktop: a CRM that follows up by itself."""

__version__ = "0.1.0"
