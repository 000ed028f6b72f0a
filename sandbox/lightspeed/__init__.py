"""A stand-in for Lightspeed Retail (R-Series): its token servers, API V3, limits, quirks and one fictional retailer.

What it does follows facts/lightspeed.md, Part A. Where the vendor documents nothing the stand-in takes the stricter of
the plausible behaviours and says so at the place. In-process use::

    with serve(build_app(Lightspeed(Settings(clients=(client,))))) as server: ...
"""
