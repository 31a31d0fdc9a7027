#include "bqconn/lake/mapping.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::lake {
namespace {

using flow::Column;
using tests::error_of;
using tests::FakeTransport;

Column column(const std::string& name, const json::Json& xdm) {
    return {.name = name, .type = "", .as_sent = {{"name", name}, {"xdm", xdm}}};
}

const std::vector<Column> columns{
    column("order_id", {{"type", "string"}}),
    column("total", {{"type", "number"}}),
    column("paid", {{"type", "boolean"}}),
    column("ordered_at", {{"type", "string"}, {"format", "date-time"}}),
    column("a.b", {{"type", "string"}}),
    column("address", {{"type", "object"}, {"properties", {{"city", {{"type", "string"}}}}}})};

SchemaFields schema() {
    return {{"https://ns.example/schemas/1", "", "", ""},
            {{"_id", Type::string, true},
             {"_acme", Type::object, false},
             {"_acme.orderId", Type::string, true},
             {"_acme.total", Type::number, false},
             {"_acme.paid", Type::boolean, false},
             {"_acme.lines", Type::array, false},
             {"_acme.lines[*].sku", Type::string, true},
             {"identityMap", Type::object, false},
             {"timestamp", Type::date_time, false}}};
}

TEST(Mapping, PairsAndLinesAreColumnsTextsOrExpressions) {
    struct Row {
        const char* text;
        Kind kind;
        const char* source;
        const char* destination;
    };
    for (const Row& row :
         {Row{"order_id=_acme.orderId", Kind::attribute, "order_id", "_acme.orderId"},
          Row{"a.b = _id", Kind::attribute, "a\\.b", "_id"},
          Row{"address.city=_id", Kind::attribute, "address.city", "_id"},
          Row{"no_such=_id", Kind::attribute, "no_such", "_id"},
          Row{"\"CUSTOMER\"=userType", Kind::constant, "CUSTOMER", "userType"},
          Row{"date(ordered_at, \"yyyy\")=timestamp", Kind::expression,
              "date(ordered_at, \"yyyy\")", "timestamp"},
          Row{"total == 0=_acme.paid", Kind::expression, "total == 0", "_acme.paid"}}) {
        const Mapping one = parse_pair(row.text, "--map 1", columns);
        EXPECT_EQ(one.kind, row.kind) << row.text;
        EXPECT_EQ(one.source, row.source) << row.text;
        EXPECT_EQ(one.destination, row.destination) << row.text;
    }
    for (const char* const wrong : {"", "order_id", "=_id", "order_id=", " = "}) {
        const Error error = error_of([&] { parse_pair(wrong, "--map 3", columns); });
        EXPECT_EQ(error.exit_code(), ExitCode::usage) << wrong;
        EXPECT_NE(error.message().find("--map 3"), std::string::npos) << error.message();
    }
}

TEST(Mapping, FilesInEveryForm) {
    const Mappings wanted{{Kind::attribute, "order_id", "_acme.orderId"},
                          {Kind::expression, "upper(order_id)", "_id"}};
    for (const char* const text :
         {"source,destination\norder_id,_acme.orderId\n# a comment\n\nupper(order_id),_id\r\n",
          "\xef\xbb\xbforder_id,_acme.orderId\nupper(order_id) , _id",
          R"x([{"sourceType":"ATTRIBUTE","source":"order_id","destination":"_acme.orderId"},)x"
          R"x({"sourceType":"EXPRESSION","source":"upper(order_id)","destination":"_id"}])x",
          R"x({"mappings":[{"sourceAttribute":"order_id","destinationXdmPath":"_acme.orderId",)x"
          R"x("sourceType":"text/x.schema-path"},)x"
          R"x({"sourceType":"EXPRESSION","source":"upper(order_id)","destination":"_id"}]})x"}) {
        EXPECT_EQ(parse_file(text, "m", columns), wanted) << text;
    }
    for (const auto& [text, place] :
         std::vector<std::pair<std::string, std::string>>{{"order_id,_id\norder_id\n", "m:2"},
                                                          {",_id\n", "m:1"},
                                                          {"\"a,b\n", "m:1"},
                                                          {"\"upper(\"\"a\"\")\",_id", "m:1"},
                                                          {"# nothing\n", "m: has no mapping"},
                                                          {"{\n\"mappings\": [1,}", "m:2"},
                                                          {"{}", "m: has no list"},
                                                          {R"([{"source":"a"}])", "mapping 1"},
                                                          {"\xff,a\n", "m: is not UTF-8"}}) {
        const std::string& content = text;
        const Error error = error_of([&] { parse_file(content, "m", columns); });
        EXPECT_EQ(error.exit_code(), ExitCode::config) << text;
        EXPECT_NE(error.message().find(place), std::string::npos) << text << error.message();
    }
}

TEST(Mapping, ALineIsReadAsAPair) {
    for (const char* const source :
         {"order_id", "\"order_id\"", "\"Munich, Bavaria\"", "date(ordered_at, \"yyyy\")"}) {
        const Mapping pair = parse_pair(std::string(source) + "=_id", "--map 1", columns);
        EXPECT_EQ(parse_file(std::string(source) + ",_id", "m", columns), Mappings{pair}) << source;
    }
}

// The one problem of a mapping that is otherwise complete.
std::string only_problem(const char* pair) {
    Mappings mappings{parse_pair("order_id=_acme.orderId", "--map 1", columns)};
    if (std::string_view(pair).find("=_id") == std::string_view::npos) {
        mappings.push_back(parse_pair("order_id=_id", "--map 2", columns));
    }
    mappings.push_back(parse_pair(pair, "--map 9", columns));
    const auto problems = problems_of(mappings, columns, schema(), "--map");
    EXPECT_LE(problems.size(), 1U) << pair;
    return problems.empty() ? "" : problems.front();
}

TEST(Mapping, ProblemsAreNamedWithTheirPlace) {
    for (const char* const good :
         {"total=_acme.total", "order_id=timestamp", "paid=_acme.paid", "\"x\"=_acme.total",
          "order_id=identityMap.Email[0].id", "order_id=_acme.lines[0].sku", "a.b=_id"}) {
        EXPECT_EQ(only_problem(good), "") << good;
    }
    for (const auto& [pair, wanted] : std::vector<std::pair<const char*, std::string>>{
             {"totl=_acme.total", "the table has no column \"totl\"; did you mean \"total\"?"},
             {"address.street=_id", "the table has no column \"address.street\""},
             {"total=_acme.totl",
              "the schema has no field \"_acme.totl\"; did you mean \"_acme.total\"?"},
             {"total=_acme.total.more", "the schema has no field"},
             {"paid=_acme.total", "is of type number, but \"paid\" is of type boolean"},
             {"address=_acme.total", "is of type object"},
             {"order_id=_acme", "is of type object, but \"order_id\" is of type string"},
             {"total=_acme.orderId", "is already mapped by --map 1"},
             {"order_id=_acme.orderId", "is already mapped by --map 1"}}) {
        const std::string problem = only_problem(pair);
        EXPECT_TRUE(problem.starts_with("--map 9: ")) << problem;
        EXPECT_NE(problem.find(wanted), std::string::npos) << problem;
    }
}

TEST(Mapping, WhatMayBeASecretIsNotShown) {
    const std::string secret = std::string("GOC") + "SPX-made-up-secret-1";
    const auto problems = problems_of({parse_pair("order_id=" + secret, "--map 1", columns)},
                                      columns, schema(), "--map");
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems.front().find(secret), std::string::npos) << problems.front();
}

TEST(Mapping, RequiredFieldsNeedAMapping) {
    const auto problems_with = [](const char* pair) {
        return problems_of({parse_pair(pair, "--map 1", columns)}, columns, schema(), "--map");
    };
    EXPECT_EQ(problems_with("total=_acme.total"),
              (std::vector<std::string>{"--map: the required field \"_id\" has no mapping",
                                        "--map: the required field \"_acme.orderId\" has no "
                                        "mapping"}))
        << "the object is there, so it needs its required field; the list is not";
    EXPECT_EQ(problems_with("order_id=_id"), std::vector<std::string>()) << "_acme is left out";
}

TEST(Mapping, AProposalTakesEqualNames) {
    const Proposal proposal = propose(columns, schema());
    EXPECT_EQ(proposal.mappings, (Mappings{{Kind::attribute, "order_id", "_acme.orderId"},
                                           {Kind::attribute, "total", "_acme.total"},
                                           {Kind::attribute, "paid", "_acme.paid"}}));
    EXPECT_EQ(proposal.unmapped_columns,
              (std::vector<std::string>{"ordered_at", "a.b", "address"}));
    EXPECT_EQ(proposal.missing_fields, std::vector<std::string>{"_id"});
    const std::string printed = json::to_lines({{"mappings", to_json(proposal.mappings)}});
    EXPECT_EQ(parse_file(printed, "m", columns), proposal.mappings) << "it is read as printed";
}

TEST(Mapping, TheServicesFindingsNameTheirMapping) {
    FakeTransport transport;
    transport.answer(200, R"({"validationResponse":[{"status":"SUCCESS","errors":null},)"
                          R"({"status":"FAILED","errors":[{"exception":"no function uper"}]},)"
                          R"({"status":"FAILED"}]})");
    flow::FlowService service = tests::service_over(transport);
    const Mappings mappings{parse_pair("order_id=_id", "--map 1", columns),
                            parse_pair("uper(a)=_id", "--map 2", columns)};
    EXPECT_EQ(
        refused_by_service(service, "schema", mappings, "--map"),
        (std::vector<std::string>{"--map 2: Data Prep refuses the mapping: no function uper",
                                  "--map: Data Prep refuses the mapping: it gives no reason"}));
    EXPECT_EQ(transport.requests()[0].url,
              "https://platform.test/data/foundation/conversion/mappingSets/validate");
    EXPECT_EQ(transport.requests()[0].retry, http::Retry::read) << "it changes nothing";
}

TEST(Mapping, SetsAreFoundByTheirExactName) {
    FakeTransport transport;
    transport.answer(200, R"({"data":[{"id":"a","name":"n","version":2,"outputSchema":)"
                          R"({"schemaRef":{"id":"s"}},"mappings":[{"source":"x",)"
                          R"("destination":"y"}]},{"id":"b","name":"n2"}]})");
    flow::FlowService service = tests::service_over(transport);
    const auto sets = find_mapping_sets(service, "n");
    ASSERT_EQ(sets.size(), 1U);
    EXPECT_EQ(sets[0].version, "2");
    EXPECT_EQ(sets[0].schema_id, "s");
    EXPECT_EQ(sets[0].mappings, (Mappings{{Kind::attribute, "x", "y"}}));
}

}  // namespace
}  // namespace bqconn::lake
