#include "emulator/platform/mapping.hpp"

#include <gtest/gtest.h>

namespace bqconn::emulator {
namespace {

using json::Json;

const Json schema = Json::parse(R"({"properties": {
    "text": {"type": "string"}, "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"}, "whole": {"type": "integer"},
    "number": {"type": "number"}, "flag": {"type": "boolean"},
    "tier": {"type": "string", "enum": ["basic", "gold"]},
    "list": {"type": "array", "items": {"type": "integer"}},
    "place": {"type": "object", "required": ["city"], "properties": {
        "city": {"type": "string"}, "zip": {"type": "integer"}}}}})");

Json set_of(const std::string& type, const std::string& source, const std::string& destination) {
    return {
        {"mappings", {{{"sourceType", type}, {"source", source}, {"destination", destination}}}}};
}

// The finding of an expression that is mapped to a text; empty if it is evaluated.
std::string finding(const std::string& source, const std::string& type = "EXPRESSION",
                    const std::string& destination = "text") {
    return Mapping(set_of(type, source, destination), schema).findings().at(0);
}

TEST(Mapping, Conversions) {
    struct Case {
        std::string destination;
        std::string given;
        std::string expected;  // empty: a warning, and no value
    };
    for (const auto& [destination, given, expected] :
         {Case{"text", R"("a")", R"("a")"},
          {"text", "7", R"("7")"},
          {"text", "true", R"("true")"},
          {"text", "[1]", ""},
          {"text", "{}", ""},
          {"whole", "7", "7"},
          {"whole", R"("-7")", "-7"},
          {"whole", "9007199254740993", "9007199254740993"},
          {"whole", R"("7x")", ""},
          {"whole", "1.5", ""},
          {"number", "7", "7.0"},
          {"number", R"("0.25")", "0.25"},
          {"number", R"("x")", ""},
          {"flag", "true", "true"},
          {"flag", R"("Yes")", "true"},
          {"flag", R"("off")", "false"},
          {"flag", "1", ""},
          {"day", R"("2024-02-29")", R"("2024-02-29")"},
          {"day", R"("2024-02-29T23:59:59Z")", R"("2024-02-29")"},
          {"day", R"("2023-02-29")", ""},
          {"day", R"("29.02.2024")", ""},
          {"time", R"("2024-02-29")", R"("2024-02-29T00:00:00Z")"},
          {"time", R"("2024-03-10T12:00:00")", R"("2024-03-10T12:00:00Z")"},
          {"time", R"("2024-01-31T23:59:59.999999Z")", R"("2024-01-31T23:59:59.999999Z")"},
          {"time", R"("2024-01-31 23:59:59+01:00")", R"("2024-01-31T23:59:59+01:00")"},
          {"time", R"("2024-01-31T25:00:00")", ""},
          {"time", R"("2024-01-31T23:59:59 x")", ""},
          {"tier", R"("gold")", R"("gold")"},
          {"tier", R"("silver")", ""},
          {"list", R"([1, "2"])", "[1,2]"},
          {"list", R"([1, "x"])", ""},
          {"list", "1", ""},
          {"place", R"({"city": "Köln", "zip": "50667", "other": 1})",
           R"({"city":"Köln","zip":50667})"},
          {"place", R"({"city": "Köln", "zip": "x"})", ""}}) {
        const MappedRow mapped =
            Mapping(set_of("ATTRIBUTE", "c", destination), schema).map({{"c", Json::parse(given)}});
        EXPECT_EQ(mapped.document,
                  expected.empty() ? Json::object() : (Json{{destination, Json::parse(expected)}}))
            << destination << given;
        ASSERT_EQ(mapped.warnings.size(), expected.empty() ? 1U : 0U) << destination << given;
        if (expected.empty()) {
            EXPECT_EQ(mapped.warnings[0].code, "MAPPER-3700-400");
        }
        EXPECT_TRUE(mapped.errors.empty());
    }
}

TEST(Mapping, Sources) {
    const Json row =
        Json::parse(R"({"name": "Zoë", "a.b": "dot", "a": {"b": "nested"}, "größe": "groß",
        "born": "28.02.1990", "none": null, "two words": "x"})");
    struct Case {
        std::string type;
        std::string source;
        Json expected;  // null: no value and no warning
    };
    for (const auto& [type, source, expected] :
         {Case{"ATTRIBUTE", "name", "Zoë"},
          {"ATTRIBUTE", "a.b", "nested"},
          {"ATTRIBUTE", R"(a\.b)", "dot"},
          {"ATTRIBUTE", "größe", "groß"},
          {"ATTRIBUTE", "two words", "x"},
          {"ATTRIBUTE", "none", nullptr},
          {"ATTRIBUTE", "none.x", nullptr},
          {"text/x.schema-path", "name", "Zoë"},
          {"STATIC", "CUSTOMER", "CUSTOMER"},
          {"EXPRESSION", " name ", "Zoë"},
          {"EXPRESSION", "${a.b}", "dot"},
          {"EXPRESSION", "${two words}", "x"},
          {"EXPRESSION", R"("a constant")", "a constant"},
          {"EXPRESSION", R"(date(born, "dd.MM.yyyy"))", "1990-02-28T00:00:00Z"},
          {"EXPRESSION", R"(date("2024-01-02"))", "2024-01-02T00:00:00Z"},
          {"EXPRESSION", R"(date(none, "yyyy"))", nullptr},
          {"text/x.aep-xl", R"(date("5/6/2024 07h", "d/M/yyyy HH'h'"))", "2024-06-05T07:00:00Z"}}) {
        const Mapping mapping(set_of(type, source, "text"), schema);
        EXPECT_EQ(mapping.findings().at(0), "") << source;
        const MappedRow mapped = mapping.map(row);
        EXPECT_EQ(mapped.document.value("text", Json()), expected) << source;
        EXPECT_TRUE(mapped.warnings.empty()) << source;
    }
    for (const std::string source :
         {"nope", R"(date(name, "yyyy-MM-dd"))", R"(date(born, "MM.dd.yyyy"))"}) {
        EXPECT_EQ(Mapping(set_of("EXPRESSION", source, "text"), schema).map(row).warnings.size(),
                  1U)
            << source;
    }
}

TEST(Mapping, Findings) {
    for (const std::string source :
         {"iif(a, b, c)", "a + b", "a[0]", "\"a\" + \"b\"", "date(a, b)", "date(a, \"EEE\")",
          "date(a, \"MMM yyyy\")", "upper(a)", "7", ".a", "a..b", "("}) {
        EXPECT_TRUE(finding(source).starts_with("The emulator cannot evaluate this expression"))
            << source;
    }
    EXPECT_TRUE(finding("lines[*].sku", "ATTRIBUTE").starts_with("The emulator cannot"));
    EXPECT_EQ(finding("a", "OTHER"), "sourceType must be ATTRIBUTE, EXPRESSION or STATIC");
    for (const std::string destination : {"nope", "text.nope", "place.nope", "", "Text"}) {
        EXPECT_EQ(finding("a", "ATTRIBUTE", destination), "The destination is not in the schema")
            << destination;
    }
    EXPECT_EQ(finding("a", "ATTRIBUTE", "list[0]"),
              "The emulator does not support destinations inside arrays");
    Json twice = set_of("ATTRIBUTE", "a", "text");
    twice["mappings"].push_back({{"sourceAttribute", "b"}, {"destinationXdmPath", "text"}});
    const Mapping mapping(twice, schema);
    EXPECT_EQ(mapping.findings(),
              (std::vector<std::string>{"", "The destination is mapped more than once"}));
    EXPECT_EQ(mapping.map({{"a", "1"}, {"b", "2"}}).document, (Json{{"text", "1"}}));
}

TEST(Mapping, RequiredFields) {
    Json strict = schema;
    strict["required"] = {"place", "flag"};
    strict["properties"]["list"]["items"] = {
        {"type", "object"},
        {"required", {"sku"}},
        {"properties", {{"sku", {{"type", "string"}}}, {"n", {{"type", "integer"}}}}}};
    const auto missing = [&](const Json& mappings, const Json& row) {
        std::string names;
        for (const RowError& error : Mapping({{"mappings", mappings}}, strict).map(row).errors) {
            EXPECT_EQ(error.code, "INGEST-1555-400");
            names += error.message.substr(error.message.rfind(' '));
        }
        return names;
    };
    const Json flag = {{"source", "f"}, {"destination", "flag"}};
    const Json city = {{"source", "c"}, {"destination", "place.city"}};
    EXPECT_EQ(missing({flag, city}, {{"f", true}, {"c", "x"}}), "");
    EXPECT_EQ(missing({flag, city}, {{"f", true}, {"c", nullptr}}), " place.city");
    EXPECT_EQ(missing({flag, city}, {{"f", "maybe"}, {"c", "x"}}), " flag");
    EXPECT_EQ(missing(Json::array(), Json::object()), " place.city flag");
    const Json list = {{"source", "l"}, {"destination", "list"}};
    EXPECT_EQ(
        missing({flag, city, list}, {{"f", true}, {"c", "x"}, {"l", {{{"sku", "a"}}, {{"n", 1}}}}}),
        " list[*].sku");
    const Mapping mapping({{"mappings", {flag}}}, strict);
    const Json rejected = rejected_row({{"f", "maybe"}}, mapping.map({{"f", "maybe"}}));
    EXPECT_EQ(rejected.at("f"), "maybe");
    EXPECT_EQ(rejected.at("_errors").size(), 3U);
}

}  // namespace
}  // namespace bqconn::emulator
