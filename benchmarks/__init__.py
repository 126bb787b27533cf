"""What performance is measured with: one file a measure, each against a yardstick of its own run.

Every module but this one and ``__main__`` has ``run(quick) -> list[dict]``: rows of ``measure``,
``ours``, ``yardstick``, ``ratio``, ``goal`` and ``holds``.
"""
