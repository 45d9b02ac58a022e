/* Java trust stores: JKS in, JKS out. */
#include "trust_store.h"

static void empty_store_gets_the_extra_alone(void **state)
{
    const struct fixture *f = *state;
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(trust_append_java("", 0, NULL, f->mirror_pem, &out), 0);
    struct view view = view_of(&out, "changeit");
    assert_int_equal(view.count, 1);
    assert_holds(&view.entries[0], "shunt-mirror-ca-1", f->mirror);
}

static void jks_keeps_its_entries_byte_for_byte(void **state)
{
    const struct fixture *f = *state;
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(append(&f->store, NULL, f->mirror_pem, &out), 0);
    struct view view = view_of(&out, "changeit");
    assert_int_equal(view.count, 3);
    assert_memory_equal(out.data + 12, f->store.data + 12, f->store.len - 32);
    assert_int_equal(view.entries[0].tag, 1);
    assert_holds(&view.entries[2], "shunt-mirror-ca-1", f->mirror);
}

static void same_input_gives_same_bytes(void **state)
{
    const struct fixture *f = *state;
    autobuf once = BUF_INIT(BUF_MAX_TEXT), again = BUF_INIT(BUF_MAX_TEXT);
    autobuf twice = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(append(&f->store, NULL, f->mirror_pem, &once), 0);
    assert_int_equal(append(&f->store, NULL, f->mirror_pem, &again), 0);
    assert_int_equal(append(&once, NULL, f->mirror_pem, &twice), 0);
    assert_int_equal(once.len, again.len);
    assert_memory_equal(once.data, again.data, once.len);
    assert_int_equal(once.len, twice.len);
    assert_memory_equal(once.data, twice.data, once.len);
}

static void alias_of_ours_is_not_taken_twice(void **state)
{
    const struct fixture *f = *state;
    autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
    put_header(&store, 3);
    put_entry(&store, 2, "shunt-mirror-ca-4", f->one);
    put_entry(&store, 2, "shunt-mirror-ca-x", f->one);
    put_entry(&store, 2, "shunt-mirror-ca-99999999999999999999", f->one);
    put_digest(&store, "changeit");
    assert_int_equal(append(&store, NULL, f->mirror_pem, &out), 0);
    struct view view = view_of(&out, "changeit");
    assert_holds(&view.entries[3], "shunt-mirror-ca-5", f->mirror);
}

static void certificate_of_a_key_is_not_trusted_yet(void **state)
{
    const struct fixture *f = *state;
    autofree char *pem = pem_of(f->two);
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(append(&f->store, NULL, pem, &out), 0);
    assert_int_equal(view_of(&out, "changeit").count, 3);
}

static void digest_is_checked_as_a_jvm_would(void **state)
{
    const struct fixture *f = *state;
    autobuf store = BUF_INIT(BUF_MAX_TEXT), right = BUF_INIT(BUF_MAX_TEXT);
    autobuf wrong = BUF_INIT(BUF_MAX_TEXT), unasked = BUF_INIT(BUF_MAX_TEXT);
    put_header(&store, 1);
    put_entry(&store, 2, "one", f->one);
    put_digest(&store, "their own");
    assert_int_equal(append(&store, "their own", f->mirror_pem, &right), 0);
    assert_int_equal(view_of(&right, "their own").count, 2);
    assert_int_equal(append(&store, "guessed", f->mirror_pem, &wrong), -1);
    assert_int_equal(append(&store, NULL, f->mirror_pem, &unasked), 0);
    assert_int_equal(view_of(&unasked, "changeit").count, 2);
}

static void damaged_jks_is_refused(void **state)
{
    const struct fixture *f = *state;
    for (size_t len = 1; len < f->store.len; len += len < 32 ? 1 : 7) {
        autobuf out = BUF_INIT(BUF_MAX_TEXT);
        assert_int_equal(trust_append_java(f->store.data, len, NULL, f->mirror_pem, &out), -1);
    }
    static const size_t places[] = {0, 7, 8, 15, 17}; /* magic, version, count, tag, alias length */
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
        buf_append(&store, f->store.data, f->store.len);
        store.data[places[i]] = (char)(store.data[places[i]] ^ 0x7f);
        assert_int_equal(append(&store, NULL, f->mirror_pem, &out), -1);
    }
}

static void bad_extra_is_refused(void **state)
{
    const struct fixture *f = *state;
    autobuf out = BUF_INIT(BUF_MAX_TEXT), small = BUF_INIT(64);
    assert_int_equal(append(&f->store, NULL, "no certificate", &out), -1);
    assert_int_equal(append(&f->store, NULL, f->mirror_pem, &small), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_store_gets_the_extra_alone),
        cmocka_unit_test(jks_keeps_its_entries_byte_for_byte),
        cmocka_unit_test(same_input_gives_same_bytes),
        cmocka_unit_test(alias_of_ours_is_not_taken_twice),
        cmocka_unit_test(certificate_of_a_key_is_not_trusted_yet),
        cmocka_unit_test(digest_is_checked_as_a_jvm_would),
        cmocka_unit_test(damaged_jks_is_refused),
        cmocka_unit_test(bad_extra_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
