// The built-in project: small, but with values that a client may handle wrongly.
#include "bqconn/emulator/bigquery_project.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view sample = R"json({"datasets": [
{"id": "shop", "tables": [
  {"id": "customers",
   "schema": [
     {"name": "customer_id", "type": "INTEGER", "mode": "REQUIRED"},
     {"name": "name", "type": "STRING"},
     {"name": "email", "type": "STRING"},
     {"name": "born_on", "type": "DATE"},
     {"name": "created_at", "type": "TIMESTAMP"},
     {"name": "newsletter", "type": "BOOLEAN"},
     {"name": "tags", "type": "STRING", "mode": "REPEATED"},
     {"name": "address", "type": "RECORD", "fields": [
       {"name": "street", "type": "STRING"},
       {"name": "city", "type": "STRING"},
       {"name": "location", "type": "RECORD", "fields": [
         {"name": "latitude", "type": "FLOAT"},
         {"name": "longitude", "type": "FLOAT"}]}]}],
   "rows": [
     {"customer_id": 1, "name": "Zoë Müller", "email": "zoe@example.com", "born_on": "1990-02-28",
      "created_at": "2024-01-31T23:59:59.999999Z", "newsletter": true, "tags": ["new", "vip"],
      "address": {"street": "Lange Straße 1", "city": "Köln",
                  "location": {"latitude": 50.9375, "longitude": 6.9603}}},
     {"customer_id": 2, "name": "東京 太郎", "email": null, "created_at": "2024-02-01T00:00:00Z",
      "newsletter": false, "tags": [], "address": {"city": "東京"}},
     {"customer_id": 9007199254740993, "name": "Robert \"Bob\" O'Neil, Jr.",
      "email": "bob@example.com", "tags": ["a,b", "line\nbreak"]}]},
  {"id": "orders",
   "schema": [
     {"name": "order_id", "type": "STRING", "mode": "REQUIRED"},
     {"name": "customer_id", "type": "INTEGER"},
     {"name": "total", "type": "NUMERIC"},
     {"name": "ordered_at", "type": "DATETIME"},
     {"name": "deliver_at", "type": "TIME"},
     {"name": "receipt", "type": "BYTES"},
     {"name": "lines", "type": "RECORD", "mode": "REPEATED", "fields": [
       {"name": "sku", "type": "STRING"},
       {"name": "quantity", "type": "INTEGER"},
       {"name": "price", "type": "NUMERIC"}]}],
   "rows": [
     {"order_id": "A-1", "customer_id": 1, "total": "1234567890.123456789",
      "ordered_at": "2024-03-10T12:00:00", "deliver_at": "08:30:00", "receipt": "AAH/",
      "lines": [{"sku": "tea", "quantity": 2, "price": "4.50"},
                {"sku": "Käse", "quantity": 1, "price": "12.00"}]},
     {"order_id": "A-2", "customer_id": 2, "total": "0", "ordered_at": "2024-03-11T00:00:00",
      "lines": []}]},
  {"id": "returns",
   "schema": [
     {"name": "order_id", "type": "STRING", "mode": "REQUIRED"},
     {"name": "reason", "type": "STRING"}],
   "rows": []}]},
{"id": "web_analytics", "tables": [
  {"id": "events_20240101",
   "schema": [
     {"name": "event_timestamp", "type": "INT64"},
     {"name": "event_name", "type": "STRING"},
     {"name": "params", "type": "JSON"},
     {"name": "place", "type": "GEOGRAPHY"},
     {"name": "value", "type": "BIGNUMERIC"}],
   "rows": [
     {"event_timestamp": 1704067200000000, "event_name": "page_view", "params": "{\"page\":\"/\"}",
      "place": "POINT(6.96 50.94)", "value": "0.1"},
     {"event_timestamp": 1704067201000000, "event_name": "purchase"}]},
  {"id": "übersicht",
   "schema": [
     {"name": "größe", "type": "STRING"},
     {"name": "件数", "type": "INT64"}],
   "rows": [{"größe": "groß", "件数": 3}, {"größe": null, "件数": null}]}]},
{"id": "tmp_results", "tables": []},
{"id": "archive_eu", "location": "EU", "tables": []}
]})json";

}  // namespace

const BigQueryProject& sample_bigquery_project() {
    static const BigQueryProject project = read_bigquery_project(sample, "the built-in project");
    return project;
}

}  // namespace bqconn::emulator
