#include "bqconn/emulator/schema.hpp"

#include <gtest/gtest.h>

namespace bqconn::emulator {
namespace {

using json::Json;

const Json schema = {
    {"type", "object"},
    {"properties",
     {{"name", {{"type", "string"}, {"minLength", 1}, {"format", "password"}}},
      {"inner", {{"type", "object"}, {"properties", {{"count", {{"type", "integer"}}}}}}}}},
    {"required", {"name"}},
    {"additionalProperties", false}};

TEST(Schema, WhatFitsHasNoViolation) {
    EXPECT_TRUE(schema_violations(schema, {{"name", "x"}}).empty());
    EXPECT_TRUE(schema_violations(schema, {{"name", "x"}, {"inner", {{"count", 1}}}}).empty());
}

TEST(Schema, NamesWhatIsMissingOrTooMuch) {
    const auto violations = schema_violations(schema, {{"extra", "canary"}});
    ASSERT_EQ(violations.size(), 2U);
    EXPECT_NE(violations[0].find("'extra'"), std::string::npos);
    EXPECT_EQ(violations[1], "Missing required property 'name'.");
}

TEST(Schema, NamesThePath) {
    const auto violations =
        schema_violations(schema, {{"name", "x"}, {"inner", {{"count", "canary"}}}});
    ASSERT_FALSE(violations.empty());
    EXPECT_EQ(violations[0], "inner.count: Value type not permitted by 'type' constraint.");
}

TEST(Schema, TypesAreNotConvertedAndNeverEndTheProgram) {
    for (const Json& value : {Json(1), Json(1.5), Json(true), Json(nullptr), Json("canary"),
                              Json::array({"canary"}), Json{{"canary", "canary"}}}) {
        EXPECT_EQ(schema_violations(schema, {{"name", value}}).empty(), value.is_string());
        EXPECT_FALSE(schema_violations(schema, value).empty());
        for (const auto& violation : schema_violations(schema, {{"name", value}})) {
            EXPECT_EQ(violation.find("canary"), std::string::npos) << violation;
        }
    }
}

}  // namespace
}  // namespace bqconn::emulator
