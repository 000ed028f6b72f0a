"""DynamoDB repositories and the queues' senders. One module per repository, over ``table.py``.

Rows (``pk | sk``; ids in them are escaped by ``keys.py``)::

    M#{merchant}          | MERCHANT                        gsi1 MERCHANTS | {merchant}
    M#{merchant}          | CONNECTION#{connection}         gsi1 CONNECTION#{connection} | -
                                                            gsi2 FLEET#{0-15} | {connection}, unless disconnected
    M#{merchant}          | ACCOUNT#{system}#{account}      one connection per merchant and account
    ACCOUNT#{digest}      | CONNECTION#{connection}         who is or was connected to an account
    M#{merchant}          | MAIL#{key}                      gsi2 MAIL | {next look}, while open; expires
    NOTICE#{system}       | {id}                            what a vendor asked by law; expires once done
                                                            gsi2 NOTICE | {time}, while open
    C#{connection}        | CURSOR#{name}, RUN#{name}, BUDGET
    C#{connection}        | MIGRATION                       gsi1 MIGRATION#{event} | {connection}
                                                            gsi2 MIGRATING | {due}, until done
    T#{till}#ITEM         | {item}
    T#{till}#MATRIX       | {matrix}
    T#{till}#CHILDREN     | {matrix}                        set of item ids
    T#{till}#IDS          | {id / 250}                      set of item ids
    T#{till}#UNMET        | {item}                          a full read under way did not meet it
    T#{till}#SKU          | {key}#{item}                    key: kind and normal form of a SKU or code
    T#{till}#STOCK        | {item}#{location}
    T#{till}#REF          | {list}#{id}, ~read
    T#{till}#REJECT       | {thing}                         expires
    T#{till}#ORDER        | {order}                         what a web order holds
    T#{till}#RESERVED     | {item}                          the same by item
    S#{shop}#stock, #catalogue | {due}#{key}#{token}        marks
    T#{till}#RECHECK      | {item}                          a second reading is asked for; expires
    T#{till}#RECHECKED    | {item}                          it has agreed; expires
    S#{shop}#LANE         | {lane}                          who serves it, see flows/lane_fence.py
    S#{shop}#LINK         | {product key}                   gsi1 S#{shop}#PROBLEM | {since}#{product key}, if any
    S#{shop}#SHELF        | {item}
    S#{shop}#LISTING      | {listing}                       points to the item
    S#{shop}#VERIFIED     | {id / 250}                      when listings were last seen equal to the till
    S#{shop}#LISTED       | {listing}                       what surveys have met
    S#{shop}#LISTEDKEY    | {key}                           set of the listings that show it
    S#{shop}#CHOICE       | {product or listing}            what a person decided
    S#{shop}#TERM         | {kind}#{name}
    S#{shop}#ORDER        | {order}                         expires
    S#{shop}#UNLINKED     | {order}                         an open order with an unlinked listing; expires
    S#{shop}#AWAITED      | {listing}                       some such order may wait for it; expires
    S#{shop}#SALE         | {order}                         gsi1 S#{shop}#SALES#{state} | {seen}#{order}; expires
    T#{till}#SOLD         | {sale or line}                  whose it is; expires
    S#{shop}#HOLD         | {hold}                          expires once it is settled
    S#{shop}#HELD         | {lane}#{key}
    S#{shop}#GUARD        | {lane}

``till`` and ``shop`` are ids of connections. The rows of grants and invitations belong to ``tillbridge.grants``.

What operations cost, for n things (tests/functional/store/test_cost.py counts the requests). A write unit is 1 KB of a
row, a read unit 4 KB, rounded up per row, or per page in queries; rows are below 1 KB unless texts are long, and those
are packed from 4 KB on. Where n read units stand for rows of one kind, they are for rows that lie apart:
from fifty on, rows that mostly stand side by side are read along their partition, at 4 KB a unit (``get_close``)::

    mirror.items, matrices            n/100 requests        n read units
    mirror.variants                   2 n/100               n read units per matrix and per item
    mirror.put_items                  n/100 reads unless ``previous`` is given; n/25 writes; for each new SKU 1/25 more,
                                      for each matrix with new variants 1 more, and 1 per 250 ids that are new;
                                      a write unit per row
    mirror.ids_between                1 query               1 or 2 read units per 250 ids
    mirror.stock                      n x locations / 100   as many read units
    mirror.put_stock                  n/25                  n write units
      guarded                         n/100 (1 for a single row)   2n write units (n = 1: 1)
    mirror.reference                  1 query               its size / 4 KB
    mirror.locations                  1 query               1 read unit
    mirror.put_reference              1 query, what differs / 25
    marks.add, marks.remove           n/25                  n write units
    marks.due                         1 query               n/25 read units
    links.get, shelves.get            n/100                 n read units
    links.put                         n/25                  n write units, with a problem 2n
    links.count                       1 query per MB        all links / 4 KB
    links.every                       1 query per MB        all links / 4 KB, or up to a limit
    shelves.put                       2n/25 (not moved: n/25)   2n write units (not moved: n)
    shelves.at                        2 n/100               2n read units
    shelves.verified, note_verified   1 read, 1 write per 25 buckets   1 read unit and 2 write units per 250 ids
    mirror.carrying                   a query per pointer, n/100 reads   half a read unit per key, one per item
    sightings.keep                    n/100 + keys/100 reads   n write units, and 2 per key that is new or gone
    sightings.get, choices.get        n/100                 n read units
    sightings.showing                 (keys + n)/100        a read unit per key and listing
    sightings.every                   1 query per MB        their size / 4 KB
    reservations.set                  1 read unless ``former`` is given; 1 transaction per 99 items that differ;
                                      2 write units per row in it
    reservations.held_by              n/100                 n read units
    reservations.of                   n/100                 n read units
    unlinked.keep                     its listings / 25     a write unit, and one per listing
    unlinked.kept, forget             n/100, n/25           n read or write units
    unlinked.awaiting                 1 query               1 read unit while no order is kept; otherwise n more, and
                                                            all kept orders / 4 KB if one may wait for any of them
    records.get                       n/100                 n read units, more for a long history
    records.put                       1 request             a write unit per KB, twice that when the state changes
    records.listed                    1 query per MB        their size / 8 KB
    records.point, pointed            n/25, n/100           n write or read units
    shelves.count                     1 query per MB        all shelves / 4 KB
    holds.unsettled                   1 query               1 read unit, more while something is held
    holds.find                        n/100                 n read units
    holds.keep, holds.let_go          n/25                  n write units
    holds.put, log, put_log           1 request             1 unit
    rechecks.ask, answer, close       n/25                  n write units
    rechecks.asked, answers           1 query, n/100        n read units
    vocabulary.get                    1 query per kind and push
    connections.get, of_merchant      1 query               1 read unit
    connections.list                  16 queries, more from 16 MB on
    leases.get, leases.swap           1 request             1 unit
    cursors, runs, budgets, merchants 1 request             1 unit
    migrations.get, put               1 request             1 or 2 units; of_event 1 query
    lanes.wake, wake_many             1, n/10
"""
