#include "bqconn/output/report.hpp"

#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

Error error(ExitCode code, const char* name) {
    return {code, name, std::string(name) + " happened", "mend it"};
}

TEST(Report, TheWorstIsWhatAPersonMustMend) {
    EXPECT_EQ(worst_of({good("a", "fine"), warning("b", "odd", "")}), nullptr);
    const Report report{failed("a", error(ExitCode::unavailable, "unavailable")),
                        failed("b", error(ExitCode::network, "network")),
                        failed("c", error(ExitCode::auth, "auth.first")),
                        failed("d", error(ExitCode::auth, "auth.second")), good("e", "fine")};
    EXPECT_EQ(worst_of(report)->name, "c");
}

TEST(Report, AsText) {
    Error refused = error(ExitCode::auth, "auth.x");
    refused.set_answer(401, "request-1");
    const Report report{good("a", "fine"), warning("b", "odd", "look"), failed("c", refused),
                        skipped("d", "not asked"), good("e", "two\nlines")};
    EXPECT_EQ(text_of(report, {}),
              "✓ fine\n! odd\n  → look\n✗ auth.x happened\n  → mend it\n    request id: request-1\n"
              "- not asked\n✓ two\n  lines\n");
    EXPECT_EQ(
        text_of({good("a", "fine and good"), failed("b", refused)}, {.columns = 10, .ascii = true}),
        "+ fine and\n  good\nx auth.x\n  happened\n  > mend\n    it\n    request id: request-1\n");
    EXPECT_NE(text_of(report, {0, true}).find("\x1b[1;31m✗\x1b[0m"), std::string::npos);
}

TEST(Report, WhatAServiceSaysIsInert) {
    EXPECT_EQ(text_of({good("a", "x\x1b[31m")}, {}).find('\x1b'), std::string::npos);
}

TEST(Report, AsJson) {
    Error refused = error(ExitCode::auth, "auth.x");
    refused.set_answer(401, "request-1");
    const auto document = json::parse(json_of({good("a", "fine"), failed("c", refused)}));
    EXPECT_EQ(document, json::parse(R"({"ok":false,"exitCode":4,"checks":[
        {"check":"a","verdict":"ok","message":"fine"},
        {"check":"c","verdict":"failed","message":"auth.x happened","hint":"mend it",
         "code":"auth.x","status":401,"requestId":"request-1"}]})"));
    EXPECT_EQ(json::parse(json_of({good("a", "fine")})).at("exitCode"), 0);
}

}  // namespace
}  // namespace bqconn::output
