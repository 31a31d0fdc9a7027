#include "emulator/google/bigquery_project.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "bqconn/core/error.hpp"
#include "emulator/certificate.hpp"
#include "emulator/emulator.hpp"

namespace bqconn::emulator {
namespace {

BigQueryProject read(const std::string& text) {
    return read_bigquery_project(text, "tables.json");
}

// A table with `column` and `row`.
std::string table(const std::string& column, const std::string& row = "{}") {
    return R"({"datasets": [{"id": "d", "tables": [{"id": "t", "schema": [)" + column +
           R"(], "rows": [)" + row + "]}]}]}";
}

std::string column(const std::string& type, const std::string& more = {}) {
    return R"({"name": "c", "type": ")" + type + "\"" + more + "}";
}

void expect_refused(const std::string& text, const std::string& message) {
    try {
        read(text);
        ADD_FAILURE() << message;
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_NE(error.hint().find("docs/emulator.md"), std::string::npos);
        EXPECT_TRUE(error.message().starts_with(message)) << error.message();
        EXPECT_EQ(error.message().find("canary"), std::string::npos) << error.message();
    }
}

const std::string in_table = "tables.json: datasets[0].tables[0]";

TEST(BigQueryProject, Shapes) {
    EXPECT_TRUE(read(R"({"datasets": []})").tables.empty());
    EXPECT_TRUE(read(R"({"datasets": [{"id": "d", "tables": []}]})").tables.empty());
    const auto project = read(table(column("STRING", R"(, "description": "x")"), R"({"c": "v"})"));
    ASSERT_EQ(project.tables.size(), 1U);
    EXPECT_EQ(project.tables[0].path, "d.t");
    EXPECT_EQ(project.tables[0].rows, json::Json::parse(R"([{"c": "v"}])"));
}

TEST(BigQueryProject, Locations) {
    const auto project = read(R"({"datasets": [{"id": "a", "tables": []},
        {"id": "b", "location": "EU", "tables": []}, {"id": "a", "tables": []}]})");
    ASSERT_EQ(project.datasets.size(), 2U);
    EXPECT_EQ(project.datasets[0].location, "US");
    EXPECT_EQ(project.datasets[1].location, "EU");
    expect_refused(R"({"datasets": [{"id": "a", "location": 1, "tables": []}]})",
                   "tables.json: datasets[0].location: must be a location");
}

TEST(BigQueryProject, NamesThePlace) {
    expect_refused("", "tables.json: is empty");
    expect_refused("{\n  \"datasets\": canary}", "tables.json:2:");
    expect_refused(R"({"datasets": [], "datasets": []})", "tables.json: has a duplicate key");
    expect_refused("[]", "tables.json: must be an object with the array datasets");
    expect_refused(R"({"datasets": {}})", "tables.json: must be an object with the array datasets");
    expect_refused(R"({"datasets": [{"id": "d"}]})", "tables.json: datasets[0]: must be");
    expect_refused(R"({"datasets": [{"id": "a.b", "tables": []}]})",
                   "tables.json: datasets[0].id: must be a name without a dot");
    expect_refused(R"({"datasets": [{"id": "d", "tables": [{"id": "t", "rows": []}]}]})",
                   in_table + ": must be an object with the array schema");
    expect_refused(
        R"({"datasets": [{"id": "d", "tables": [{"id": "t", "schema": [], "rows": []}]}]})",
        in_table + ".schema: must be an array of columns");
    const std::string one = R"({"id": "t", "schema": [)" + column("DATE") + R"(], "rows": []})";
    expect_refused(R"({"datasets": [{"id": "d", "tables": [)" + one + "," + one + "]}]}",
                   "tables.json: datasets[0].tables[1].id: duplicate table name");
}

TEST(BigQueryProject, Columns) {
    const std::string first = in_table + ".schema[0]";
    expect_refused(table("1"), first + ": must be an object");
    expect_refused(table(R"({"name": "", "type": "DATE"})"),
                   first + ".name: must be a non-empty string");
    for (const char* const type : {"", "string", "VARCHAR", "canary"}) {
        expect_refused(table(column(type)), first + ".type: must be a BigQuery type");
    }
    expect_refused(table(column("DATE", R"(, "mode": "canary")")), first + ".mode: must be");
    expect_refused(table(column("DATE", R"(, "fields": [])")),
                   first + ": fields is required for RECORD");
    expect_refused(table(column("RECORD")), first + ": fields is required for RECORD");
    expect_refused(table(column("RECORD", R"(, "fields": [{"name": "x", "type": "canary"}])")),
                   first + ".fields[0].type: must be");
    expect_refused(table(column("DATE", R"(, "nmae": "canary")")), first + ": has a key");
    expect_refused(table(column("DATE") + "," + column("DATE")),
                   in_table + ".schema[1].name: duplicate column name");
}

TEST(BigQueryProject, Rows) {
    const std::string first = in_table + ".rows[0]";
    expect_refused(table(column("STRING"), "1"), first + ": must be an object");
    expect_refused(table(column("STRING"), R"({"canary": 1})"),
                   first + ": has a value that belongs");
    expect_refused(table(column("STRING"), R"({"c": 1})"), first + ".c: does not match");
    expect_refused(table(column("INTEGER"), R"({"c": 1.5})"), first + ".c: does not match");
    expect_refused(table(column("BOOL"), R"({"c": "canary"})"), first + ".c: does not match");
    expect_refused(table(column("NUMERIC"), R"({"c": []})"), first + ".c: does not match");
    expect_refused(table(column("DATE", R"(, "mode": "REQUIRED")")), first + ".c: is null");
    expect_refused(table(column("DATE", R"(, "mode": "REPEATED")"), R"({"c": "canary"})"),
                   first + ".c: must be an array");
    expect_refused(table(column("DATE", R"(, "mode": "REPEATED")"), R"({"c": ["", null]})"),
                   first + ".c[1]: does not match");
    const std::string record = column("RECORD", R"(, "fields": [{"name": "x", "type": "DATE"}])");
    expect_refused(table(record, R"({"c": {"x": 1}})"), first + ".c.x: does not match");
    expect_refused(table(record, R"({"c": {"canary": 1}})"),
                   first + ".c: has a value that belongs");
    // A number may be a string, as Google's own tools write it.
    EXPECT_EQ(read(table(column("NUMERIC"), R"({"c": "1.5"})")).tables[0].rows[0].at("c"), "1.5");
}

TEST(BigQueryFile, IsReadAgainWhenItHasChanged) {
    const TemporaryFolder folder;
    std::vector<std::string> warnings;
    Options options;
    options.bigquery_file = folder.file("tables");
    options.warn = [&](const std::string& line) { warnings.push_back(line); };
    Emulator emulator(options);
    const auto tables = [&](const std::string& text) {
        std::ofstream(folder.file("tables")) << text;
        return emulator.google().bigquery()->tables.size();
    };
    EXPECT_EQ(tables(table(column("DATE"))), 1U);
    EXPECT_EQ(tables(R"({"datasets": []})"), 0U);
    EXPECT_EQ(tables(table(column("DATE"))), 1U);
    // Invalid content is reported once, and not used.
    EXPECT_TRUE(warnings.empty());
    EXPECT_EQ(tables("{"), 1U);
    EXPECT_EQ(tables("{"), 1U);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_TRUE(warnings[0].starts_with("keeping the previous tables: " + options.bigquery_file));
    std::filesystem::remove(options.bigquery_file);
    EXPECT_EQ(emulator.google().bigquery()->tables.size(), 1U);
    EXPECT_EQ(warnings.size(), 2U);
}

}  // namespace
}  // namespace bqconn::emulator
