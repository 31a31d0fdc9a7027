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

// The finding of a mapping, by default to a string.
std::string finding(const std::string& source, const std::string& type = "ATTRIBUTE",
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
          {"time", R"("2024-01-31T23:59:59.999999Z")", R"("2024-01-31T23:59:59Z")"},
          {"time", R"("2024-01-31 23:59:59 UTC")", R"("2024-01-31T23:59:59Z")"},
          {"time", R"("2024-01-31 23:59:59+01:00")", ""},
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
        EXPECT_TRUE(mapped.errors.empty());
    }
}

TEST(Mapping, Sources) {
    const Json row =
        Json::parse(R"({"name": "Zoë", "a.b": "dot", "a": {"b": "nested"}, "größe": "groß",
        "none": null, "two words": "x"})");
    struct Case {
        std::string type;
        std::string source;
        Json expected;  // null: no value and no warning
    };
    for (const auto& [type, source, expected] : {Case{"ATTRIBUTE", "name", "Zoë"},
                                                 {"ATTRIBUTE", "a.b", "nested"},
                                                 {"ATTRIBUTE", R"(a\.b)", "dot"},
                                                 {"ATTRIBUTE", "größe", "groß"},
                                                 {"ATTRIBUTE", "two words", "x"},
                                                 {"ATTRIBUTE", "none", nullptr},
                                                 {"ATTRIBUTE", "none.x", nullptr},
                                                 {"STATIC", "CUSTOMER", "CUSTOMER"}}) {
        const Mapping mapping(set_of(type, source, "text"), schema);
        EXPECT_EQ(mapping.findings().at(0), "") << source;
        const MappedRow mapped = mapping.map(row);
        EXPECT_EQ(mapped.document.value("text", Json()), expected) << source;
        EXPECT_TRUE(mapped.warnings.empty()) << source;
    }
    EXPECT_EQ(Mapping(set_of("ATTRIBUTE", R"(a\.b)", "text"), schema).columns(),
              std::vector<std::string>{"a.b"});
    EXPECT_EQ(Mapping(set_of("ATTRIBUTE", "a.b", "text"), schema).columns(),
              std::vector<std::string>{"a"});
    EXPECT_TRUE(Mapping(set_of("STATIC", "a", "text"), schema).columns().empty());
}

TEST(Mapping, Findings) {
    EXPECT_EQ(finding("upper(a)", "EXPRESSION"),
              "The emulator supports only the types ATTRIBUTE and STATIC");
    EXPECT_EQ(finding("lines[*].sku"), "The emulator does not support single elements of arrays");
    for (const std::string destination : {"nope", "text.nope", "place.nope", "", "Text"}) {
        EXPECT_EQ(finding("a", "ATTRIBUTE", destination), "The destination is not in the schema")
            << destination;
    }
    EXPECT_EQ(finding("a", "ATTRIBUTE", "list[0]"),
              "The emulator does not support single elements of arrays");
    Json twice = set_of("ATTRIBUTE", "a", "text");
    twice["mappings"].push_back({{"source", "b"}, {"destination", "text"}});
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
        for (const auto& error : Mapping({{"mappings", mappings}}, strict).map(row).errors) {
            const auto quote = error.find('\'');
            names += " " + error.substr(quote + 1, error.rfind('\'') - quote - 1);
        }
        return names;
    };
    const Json flag = {{"source", "f"}, {"destination", "flag"}};
    const Json city = {{"source", "c"}, {"destination", "place.city"}};
    EXPECT_EQ(missing({flag, city}, {{"f", true}, {"c", "x"}}), "");
    EXPECT_EQ(missing({flag, city}, {{"f", true}, {"c", nullptr}}), " place");
    EXPECT_EQ(missing({flag, city}, {{"f", "maybe"}, {"c", "x"}}), " flag");
    const Json zip = {{"source", "z"}, {"destination", "place.zip"}};
    EXPECT_EQ(missing({flag, zip}, {{"f", true}, {"z", 1}}), " city");
    const Json list = {{"source", "l"}, {"destination", "list"}};
    EXPECT_EQ(
        missing({flag, city, list}, {{"f", true}, {"c", "x"}, {"l", {{{"sku", "a"}}, {{"n", 1}}}}}),
        " sku");
    const Mapping mapping({{"mappings", {flag}}}, strict);
    const Json rejected = rejected_row({{"f", "maybe"}}, mapping.map({{"f", "maybe"}}));
    EXPECT_EQ(rejected.at("f"), "maybe");
    EXPECT_EQ(rejected.at("_errors").size(), 3U);
}

}  // namespace
}  // namespace bqconn::emulator
