"""How an office's database grows with the program: numbered revisions, each all or nothing.

A revision is one file in ``revisions/`` whose ``upgrade(op)`` gets Alembic's operations; its
number is the schema's number once it ran. ``poe migration`` writes the next one from the
difference between the newest revision and the tables. Alembic is imported only when the
schema is behind, so an ordinary start does not pay for it.
"""

from rally_desktop.model.migrations.chain import HEAD, REVISIONS, read_version
from rally_desktop.model.migrations.upgrade import bring_up_to_date

__all__ = ["HEAD", "REVISIONS", "bring_up_to_date", "read_version"]
