#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

constexpr const char* no_items = R"({"items":[]})";
constexpr const char* not_there =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Resource not found"})";

void answer_there(OneRun& run, const std::string& id) {
    run.transport.answer(
        200, R"({"items":[{"id":")" + id + R"(","etag":"\"1\"","name":"N )" + id + "\"}]}");
    run.transport.answer(200, no_items);
}

TEST(Delete, LooksThenDeletes) {
    OneRun run({"delete", "a", "--yes"});
    run.set_everything();
    answer_there(run, "a");
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(), R"([{"id":"a","name":"N a","outcome":"deleted"}])"
                             "\n");
    EXPECT_NE(run.err.str().find("N a"), std::string::npos) << "the connection is shown first";
}

TEST(Delete, WithoutYesNobodyToAskIsRefused) {
    OneRun run({"delete", "a"});
    run.set_everything();
    answer_there(run, "a");
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("usage.needs_yes"), std::string::npos);
}

TEST(Delete, AsksOnATerminal) {
    for (const auto& [answer, deleted] : std::vector<std::pair<std::string, bool>>{
             {"y\n", true}, {"YES\n", true}, {"n\n", false}, {"\n", false}, {"", false}}) {
        OneRun run({"delete", "a", "-o", "text"});
        run.set_everything();
        run.err_is_terminal = run.in_is_terminal = true;
        run.in.str(answer);
        answer_there(run, "a");
        if (deleted) {
            run.transport.answer(204, "");
        }
        EXPECT_EQ(run(), 0) << answer << ": no is an answer, not an error";
        EXPECT_NE(run.err.str().find("Delete this connection? [y/N]"), std::string::npos);
        EXPECT_EQ(run.err.str().find("error"), std::string::npos) << run.err.str();
        EXPECT_EQ(run.out.str(), deleted ? "Deleted a\n" : "Not deleted: a\n");
    }
    for (const auto& [format, kept] : std::vector<std::pair<std::string, std::string>>{
             {"json", R"([{"id":"a","name":"N a","outcome":"kept"}])"
                      "\n"},
             {"id", ""}}) {
        OneRun run({"delete", "a", "-o", format});
        run.set_everything();
        run.err_is_terminal = run.in_is_terminal = true;
        run.in.str("n\n");
        answer_there(run, "a");
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.out.str(), kept);
    }
}

TEST(Delete, ADryRunLooksAsksNothingAndShowsTheRequests) {
    OneRun run({"delete", "a", "b", "c", "--dry-run"});
    run.set_everything();
    answer_there(run, "a");
    run.transport.answer(404, not_there);
    run.transport.answer(200, no_items);  // searches for similar names
    answer_there(run, "c");
    EXPECT_EQ(run(), 11) << run.err.str();
    EXPECT_NE(run.err.str().find("1 of 3 cannot be deleted"), std::string::npos) << run.err.str();
    const json::Json shown = json::parse(run.out.str());
    ASSERT_EQ(shown.size(), 2U);
    EXPECT_EQ(shown[1]["method"], "DELETE");
    EXPECT_EQ(shown[1]["url"],
              "https://platform.adobe.io/data/foundation/flowservice/connections/c");
    EXPECT_EQ(shown[1]["headers"]["Authorization"], "[redacted]");
    EXPECT_EQ(shown[1]["body"], nullptr);
    OneRun in_use({"delete", "a", "--dry-run"});
    in_use.set_everything();
    in_use.transport.answer(200, R"({"items":[{"id":"a","name":"n"}]})");
    in_use.transport.answer(200, R"({"items":[{"id":"s"}]})");
    in_use.transport.answer(200, R"({"items":[{"id":"f","name":"Nightly"}]})");
    EXPECT_EQ(in_use(), 7) << "as without it";
    EXPECT_EQ(in_use.out.str(), "");
}

TEST(Delete, RefusesWhileDataflowsUseIt) {
    OneRun run({"delete", "a", "--yes"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"a","name":"n"}]})");
    run.transport.answer(200, R"({"items":[{"id":"s"}]})");
    run.transport.answer(200,
                         R"({"items":[{"id":"f","name":"Nightly"},{"id":"g","name":"Hourly"}]})");
    EXPECT_EQ(run(), 7);
    EXPECT_NE(run.err.str().find("Nightly"), std::string::npos);
    EXPECT_NE(run.err.str().find("bqconn dataflow delete f g"), std::string::npos);
    EXPECT_EQ(run.out.str(), "");
}

TEST(Delete, AbsentIsFineOnlyIfAsked) {
    for (const bool fine : {false, true}) {
        OneRun run({"delete", "a", "--yes"});
        run.set_everything();
        if (fine) {
            run.args.emplace_back("--if-exists");
        }
        run.transport.answer(404, not_there);
        run.transport.answer(200, no_items);  // searches for similar names
        EXPECT_EQ(run(), fine ? 0 : 6) << run.err.str();
        EXPECT_EQ(run.out.str().empty(), !fine);
    }
}

TEST(Delete, SomeOfSeveralIsPartial) {
    OneRun run({"delete", "a", "b", "a", "c", "--yes"});
    run.set_everything();
    answer_there(run, "a");
    run.transport.answer(404, not_there);
    run.transport.answer(200, no_items);
    answer_there(run, "c");
    run.transport.answer(204, "");
    run.transport.answer(403, "");
    EXPECT_EQ(run(), 11);
    EXPECT_NE(run.err.str().find("2 of 3 were not deleted"), std::string::npos) << run.err.str();
    const std::string& out = run.out.str();
    EXPECT_NE(out.find(R"({"id":"a","name":"N a","outcome":"deleted"})"), std::string::npos) << out;
    EXPECT_NE(out.find(R"("id":"b","name":"","outcome":"failed","error":{"code":"not_found)"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find(R"("id":"c","name":"N c","outcome":"failed")"), std::string::npos);
}

TEST(Delete, AllFailedIsTheFirstFailure) {
    OneRun run({"delete", "a", "b", "--yes"});
    run.set_everything();
    for (int i = 0; i < 2; ++i) {
        run.transport.answer(404, not_there);
        run.transport.answer(200, no_items);
    }
    EXPECT_EQ(run(), 6);
    EXPECT_EQ(run.out.str(), "");
    EXPECT_NE(run.err.str().find("b: "), std::string::npos) << "each is reported";
}

TEST(Delete, WhatMayHaveHappenedWeighsMost) {
    OneRun run({"delete", "a", "b", "--yes", "--no-recover", "-q"});
    run.set_everything();
    answer_there(run, "a");
    answer_there(run, "b");
    run.transport.answer(403, "");
    run.transport.answer(500, "");
    EXPECT_EQ(run(), 10);
    EXPECT_NE(run.err.str().find("a: "), std::string::npos) << run.err.str();
    EXPECT_NE(run.err.str().find("b: the connection may or may not"), std::string::npos);
}

TEST(Delete, ANameThatIsNotThereIsFineIfAsked) {
    OneRun run({"delete", "--name", "n", "--yes", "--if-exists"});
    run.set_everything();
    run.transport.answer(200, no_items);
    run.transport.answer(200, no_items);  // searches for similar names
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(), R"([{"id":"","name":"n","outcome":"absent"}])"
                             "\n");
}

TEST(Delete, AConnectionToAnotherSourceIsRefused) {
    OneRun run({"delete", "a", "--yes"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"a","connectionSpec":{"id":"other"}}]})");
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("usage.other_source"), std::string::npos) << run.err.str();
}

TEST(Delete, ANameOfSeveralLinesStaysOnItsLine) {
    OneRun run({"delete", "a", "--yes", "-o", "text"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"a","name":"n"}]})");
    run.transport.answer(200, R"({"items":[{"id":"s"}]})");
    run.transport.answer(200, R"({"items":[{"id":"f","name":"x\nhint: do something else"}]})");
    EXPECT_EQ(run(), 7);
    EXPECT_EQ(run.err.str().find("\nhint: do"), std::string::npos) << run.err.str();
}

TEST(Delete, AStoppedRunLeavesTheRestAndSaysSo) {
    OneRun run({"delete", "a", "b", "c", "--yes", "-o", "text"});
    run.set_everything();
    for (const char* const id : {"a", "b", "c"}) {
        answer_there(run, id);
    }
    run.transport.answer(204, "");
    run.transport.fail(http::Sent::maybe, "interrupted");
    run.signal = 15;
    EXPECT_EQ(run(), 143);
    EXPECT_EQ(run.transport.requests().size(), 8U) << "c was not tried";
    EXPECT_NE(run.err.str().find("2 of 3 may not have been deleted"), std::string::npos)
        << run.err.str();
    EXPECT_EQ(run.out.str(), "Deleted a\nMay or may not have been deleted: b\nNot deleted: c\n");
}

TEST(Delete, ByName) {
    OneRun run({"delete", "--name", "n", "--yes", "-o", "id"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"a","name":"n"}]})");
    answer_there(run, "a");
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(), "a\n");
}

TEST(Delete, AnUnwritableStdoutSaysWhatWasDone) {
    OneRun run({"delete", "a", "--yes"});
    run.set_everything();
    run.out.setstate(std::ios::badbit);
    answer_there(run, "a");
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 13);
    EXPECT_NE(run.err.str().find("a  deleted"), std::string::npos) << run.err.str();
}

}  // namespace
}  // namespace bqconn::commands
