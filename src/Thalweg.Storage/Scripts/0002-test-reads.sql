CREATE TABLE test_reads (
    id $text$ PRIMARY KEY,
    fingerprint $text$ NOT NULL,
    samples integer NOT NULL,
    time $text$ NOT NULL,
    reason $text$ NOT NULL,
    run $text$,
    model $text$,
    metric $text$,
    value $double$
);

CREATE INDEX test_reads_by_rows ON test_reads (fingerprint, time);
