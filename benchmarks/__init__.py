"""What performance is measured with: one file a measure, each against a yardstick of its own run.

Every file without an underscore has ``run(quick) -> list[dict]``: rows of ``measure``, ``ours``,
``yardstick``, ``ratio``, ``goal`` and ``holds``. Those with one hold what several measures share.
"""
