// update and create --if-exists update: what they send, and what --dry-run shows of it.
#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

constexpr const char* item =
    R"({"items":[{"id":"a","etag":"\"1\"","name":"n","state":"enabled","auth":{"specName":)"
    R"("Basic Authentication","params":{"project":"p","largeResultsDataSetId":"big"}}}]})";
constexpr const char* service_item =
    R"({"items":[{"id":"a","etag":"\"1\"","name":"n","auth":{"specName":"Service Authentication",)"
    R"("params":{"datasetId":"d"}}}]})";
constexpr const char* stored = R"({"id":"a","etag":"\"2\""})";

json::Json sent(const OneRun& run, std::size_t index = 1) {
    return json::parse(run.transport.requests().at(index).body.reveal());
}

TEST(Update, CredentialsOfTheEnvironmentAreLeftAlone) {
    OneRun run({"update", "a", "--description", "new"});
    run.set_everything();
    run.transport.answer(200, item);
    run.transport.answer(200, stored);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(sent(run), json::parse(R"([{"op":"add","path":"/description","value":"new"}])"));
    EXPECT_EQ(tests::header_of(run.transport.requests()[1], "If-Match"), "\"1\"");
    EXPECT_EQ(run.out.str(), R"({"id":"a","etag":"\"2\"","name":"n","sandboxName":"prod",)"
                             R"("outcome":"updated"})"
                             "\n");
}

TEST(Update, RotateReplacesTheParametersAndKeepsTheDataset) {
    for (const bool typed : {false, true}) {
        OneRun run({"update", "a"});
        if (typed) {
            run.args.insert(run.args.end(), {"--refresh-token", "made-up new token"});
        } else {
            run.args.emplace_back("--rotate");
        }
        run.set_everything();
        run.transport.answer(200, item);
        run.transport.answer(200, stored);
        EXPECT_EQ(run(), 0) << run.err.str();
        const json::Json operations = sent(run);
        ASSERT_EQ(operations.size(), 1U);
        EXPECT_EQ(operations[0]["path"], "/auth/params");
        const auto& params = operations[0]["value"];
        EXPECT_EQ(params.size(), 5U) << params;
        EXPECT_EQ(params["largeResultsDataSetId"], "big");
        EXPECT_EQ(params["refreshToken"], typed ? "made-up new token" : "made-up refresh token");
    }
}

TEST(Update, AnotherKindOfAuthenticationIsRefused) {
    OneRun run({"update", "a", "--rotate"});
    run.set_everything();
    run.transport.answer(200, service_item);
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("usage.other_auth_kind"), std::string::npos) << run.err.str();
}

TEST(Update, IfMatchPinsTheVersion) {
    OneRun run({"update", "a", "--name", "new", "--if-match", "\"0\""});
    run.set_everything();
    run.transport.answer(200, item);
    run.transport.answer(412, R"({"type":"x/FLOW-1404-412","title":"Precondition failed"})");
    EXPECT_EQ(run(), 7);
    EXPECT_EQ(tests::header_of(run.transport.requests()[1], "If-Match"), "\"0\"");
    EXPECT_EQ(run.out.str(), "");
}

// A shell may have removed its double quotes; -o env, read by something else, adds single ones.
TEST(Update, IfMatchIgnoresQuotes) {
    for (const char* const etag : {"\"1\"", "1", "'\"1\"'", "'1'"}) {
        OneRun run({"update", "a", "--name", "new", "--if-match", etag});
        run.set_everything();
        run.transport.answer(200, item);
        run.transport.answer(200, stored);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(tests::header_of(run.transport.requests()[1], "If-Match"), "\"1\"") << etag;
    }
}

TEST(Update, ADryRunReadsAndShowsThePatch) {
    OneRun run({"update", "a", "--rotate", "--description", "d", "--dry-run", "--test"});
    run.set_everything();
    run.transport.answer(200, item);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.transport.requests().size(), 1U) << "only the read";
    const json::Json shown = json::parse(run.out.str());
    EXPECT_EQ(shown["method"], "PATCH");
    EXPECT_EQ(shown["url"], "https://platform.adobe.io/data/foundation/flowservice/connections/a");
    EXPECT_EQ(shown["headers"]["If-Match"], "\"1\"");
    EXPECT_EQ(shown["headers"]["Authorization"], "[redacted]");
    EXPECT_EQ(shown["headers"]["Content-Type"], "application/json");
    EXPECT_EQ(shown["body"], json::parse(R"([
        {"op":"add","path":"/description","value":"d"},
        {"op":"replace","path":"/auth/params","value":{"project":"my-project-123",
         "clientId":"client.apps.googleusercontent.com","clientSecret":"[redacted]",
         "refreshToken":"[redacted]","largeResultsDataSetId":"big"}}])"));
    EXPECT_NE(run.err.str().find("--test is not part of the request shown"), std::string::npos);
}

TEST(CreateOrUpdate, OnePatchOfTheExistingConnection) {
    for (const bool described : {false, true}) {
        OneRun run({"create", "--name", "n", "--if-exists", "update"});
        if (described) {
            run.args.insert(run.args.end(), {"--description", "d"});
        }
        run.set_everything();
        run.transport.answer(200, item);
        run.transport.answer(200, item);
        run.transport.answer(200, stored);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(run.out.str(), R"({"id":"a","etag":"\"2\"","name":"n","sandboxName":"prod",)"
                                 R"("outcome":"updated"})"
                                 "\n");
        EXPECT_EQ(run.transport.requests()[2].method, http::Method::patch);
        EXPECT_EQ(tests::header_of(run.transport.requests()[2], "If-Match"), "\"1\"");
        const json::Json operations = sent(run, 2);
        ASSERT_EQ(operations.size(), described ? 2U : 1U) << "a name needs no change";
        EXPECT_EQ(operations.back()["path"], "/auth/params");
        EXPECT_EQ(operations.back()["value"]["largeResultsDataSetId"], "big") << "it is kept";
        EXPECT_EQ(operations.back()["value"]["refreshToken"], "made-up refresh token");
    }
}

TEST(CreateOrUpdate, AMissingConnectionIsCreated) {
    OneRun run({"create", "--name", "n", "--if-exists", "update"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[]})");
    run.transport.answer(201, stored);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.out.str().find(R"("outcome":"created")"), std::string::npos) << run.out.str();
}

TEST(CreateOrUpdate, WhatItCannotDoChangesNothing) {
    struct Case {
        std::vector<const char*> answers;
        int exit_code;
        const char* code;
    };
    for (const Case& one : {Case{{R"({"items":[{"id":"a","etag":"\"1\"","name":"n"},)"
                                  R"({"id":"b","etag":"\"1\"","name":"n"}]})"},
                                 7,
                                 "conflict.several_exist"},
                            Case{{service_item, service_item}, 2, "usage.other_auth_kind"}}) {
        OneRun run({"create", "--name", "n", "--if-exists", "update"});
        run.set_everything();
        for (const char* const answer : one.answers) {
            run.transport.answer(200, answer);
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_NE(run.err.str().find(one.code), std::string::npos) << run.err.str();
    }
}

// A lost response to the change is reported as such, not recovered as a create would be.
TEST(CreateOrUpdate, ALostAnswerIsUnknown) {
    for (const int signal : {0, 15}) {
        OneRun run({"create", "--name", "n", "--if-exists", "update", "-o", "text"});
        run.set_everything();
        run.signal = signal;
        run.transport.answer(200, item);
        run.transport.answer(200, item);
        run.transport.fail(http::Sent::maybe, signal == 0 ? "network.reset" : "interrupted");
        EXPECT_EQ(run(), signal == 0 ? 10 : 143);
        EXPECT_EQ(run.transport.requests().size(), 3U);
        EXPECT_NE(run.err.str().find("may or may not have been changed"), std::string::npos)
            << run.err.str();
        EXPECT_NE(run.err.str().find("bqconn get a"), std::string::npos) << run.err.str();
    }
}

TEST(CreateOrUpdate, AFailedTestKeepsIt) {
    for (const bool answered : {true, false}) {
        OneRun run({"create", "--name", "n", "--if-exists", "update", "--test"});
        run.set_everything();
        run.transport.answer(200, item);
        run.transport.answer(200, item);
        run.transport.answer(200, stored);
        if (answered) {
            run.transport.answer(200, R"({"result":false})");
        } else {
            run.transport.answer(403, "");
        }
        EXPECT_EQ(run(), answered ? 5 : 11) << run.err.str();
        EXPECT_NE(run.err.str().find("was updated"), std::string::npos) << run.err.str();
        EXPECT_NE(run.err.str().find(R"(\"2\")"), std::string::npos) << run.err.str();
        EXPECT_NE(run.err.str().find(answered ? "rejected.test_failed" : "partial.update"),
                  std::string::npos)
            << run.err.str();
    }
}

TEST(CreateOrUpdate, ADryRunShowsTheCreateAndSaysSo) {
    OneRun run({"create", "--name", "n", "--if-exists", "update", "--dry-run"});
    run.set_everything();
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(json::parse(run.out.str())["method"], "POST");
    EXPECT_NE(run.err.str().find("--rotate --dry-run shows the update"), std::string::npos)
        << run.err.str();
}

// Those that the search after a lost response found.
TEST(Create, WarnsOfOthersWithThatName) {
    OneRun run({"create", "--name", "n"});
    run.set_everything();
    run.transport.fail(http::Sent::maybe);
    run.transport.answer(200,
                         R"({"items":[{"id":"old","etag":"e","name":"n","createdAt":1},)"
                         R"({"id":"ours","etag":"e","name":"n","createdAt":1700000000000}]})",
                         {{"Date", "Tue, 14 Nov 2023 22:13:20 GMT"}});
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.out.str().find(R"("id":"ours")"), std::string::npos) << run.out.str();
    EXPECT_NE(run.err.str().find("old; use --if-exists reuse or update"), std::string::npos)
        << run.err.str();
}

TEST(Update, ByNameAndRenamed) {
    OneRun run({"update", "--name", "n", "--new-name", "m", "-o", "etag"});
    run.set_everything();
    run.transport.answer(200, item);
    run.transport.answer(200, item);
    run.transport.answer(200, stored);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(sent(run, 2)[0]["value"], "m");
    EXPECT_EQ(run.out.str(), "\"2\"\n");
}

TEST(Update, WhatIsNoUpdate) {
    const std::vector<std::pair<std::vector<std::string>, const char*>> cases{
        {{"update", "a"}, "usage.nothing_to_change"},
        {{"update", "--name", "n"}, "usage.nothing_to_change"},
        {{"update", "--description", "x"}, "usage.missing_id"},
        {{"update", "a", "--name", "n", "--new-name", "m"}, "usage.exclusive_flags"},
        {{"update", "a/b", "--name", "n"}, "usage.invalid_id"},
        {{"update", "a", "b", "--name", "n"}, "usage.unexpected_argument"}};
    for (const auto& [args, code] : cases) {
        OneRun run(args);
        run.set_everything();
        EXPECT_EQ(run(), 2) << code;
        EXPECT_NE(run.err.str().find(code), std::string::npos) << run.err.str();
    }
}

TEST(Update, TestAfterwards) {
    struct Case {
        int status;
        const char* body;
        int exit_code;
    };
    for (const Case& one : {Case{200, R"({"result":true})", 0}, Case{200, R"({"result":false})", 5},
                            Case{503, "", 11}}) {
        OneRun run({"update", "a", "--name", "m", "--test"});
        run.set_everything();
        run.transport.answer(200, item);
        run.transport.answer(200, stored);
        for (int i = 0; i < (one.status == 503 ? 4 : 1); ++i) {
            run.transport.answer(one.status, one.body);
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_EQ(run.err.str().find("updated") != std::string::npos, one.exit_code != 0)
            << "the change is reported: " << run.err.str();
        EXPECT_EQ(run.err.str().find("\"status\":503") != std::string::npos, one.status == 503)
            << "the status that prevented the test is reported: " << run.err.str();
    }
}

TEST(Update, AStoppedTestDoesNotDenyTheUpdate) {
    OneRun run({"update", "a", "--name", "m", "--test", "-o", "text"});
    run.set_everything();
    run.signal = 2;
    run.transport.answer(200, item);
    run.transport.answer(200, stored);
    run.transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(run(), 130);
    EXPECT_NE(run.err.str().find("was updated"), std::string::npos) << run.err.str();
}

TEST(Update, AnUnwritableStdoutIsSaidWithTheEtag) {
    OneRun run({"update", "a", "--name", "m"});
    run.set_everything();
    run.transport.answer(200, item);
    run.transport.answer(200, stored);
    run.out.setstate(std::ios::badbit);
    EXPECT_EQ(run(), 13);
    EXPECT_NE(run.err.str().find(R"(\"2\")"), std::string::npos) << run.err.str();
}

}  // namespace
}  // namespace bqconn::commands
