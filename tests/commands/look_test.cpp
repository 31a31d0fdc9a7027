// list, get, test, explore and sandboxes, in each output format.
#include <gtest/gtest.h>

#include <algorithm>

#include "bqconn/cli/parse.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

constexpr const char* page =
    R"({"items":[{"id":"a","etag":"\"1\"","name":"one\u001b[31m","state":"enabled",)"
    R"("createdAt":1700000000000,"auth":{"specName":"Basic Authentication","params":)"
    R"({"clientSecret":"made-up-returned-secret"}}},)"
    R"({"id":"bb","etag":"\"2\"","name":"two","state":"draft","updatedAt":1}]})";

TEST(List, Forms) {
    const std::vector<std::pair<std::string, std::string>> forms{{"id", "a\nbb\n"},
                                                                 {"text", "one\xef\xbf\xbd[31m"},
                                                                 {"json", R"("one\u001b[31m")"},
                                                                 {"ndjson", "}\n{"}};
    for (const auto& [form, wanted] : forms) {
        OneRun run({"list", "-o", form});
        run.set_everything();
        run.transport.answer(200, page);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_NE(run.out.str().find(wanted), std::string::npos) << run.out.str();
        EXPECT_EQ(run.out.str().find("made-up-returned-secret"), std::string::npos);
    }
    OneRun empty({"list", "-o", "text"});
    empty.set_everything();
    empty.transport.answer(200, R"({"items":[]})");
    EXPECT_EQ(empty(), 0);
    EXPECT_EQ(empty.out.str(), "No connections.\n");
}

TEST(List, LimitSortAndFilters) {
    OneRun run({"list", "-o", "id", "--limit", "1", "--sort=-name", "--state", "enabled"});
    run.set_everything();
    run.transport.answer(200, page);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.out.str(), "a\n");
    const std::string& url = run.transport.requests()[0].url;
    EXPECT_NE(url.find("orderby=-name"), std::string::npos) << url;
    EXPECT_NE(url.find("state%3D%3Denabled"), std::string::npos) << url;
    OneRun updated({"list", "-o", "id", "--sort", "updated", "--limit", "1", "--all-sources"});
    updated.set_everything();
    updated.transport.answer(200, page);
    EXPECT_EQ(updated(), 0);
    EXPECT_EQ(updated.out.str(), "a\n") << "sorted by bqconn: the service may not";
    EXPECT_EQ(updated.transport.requests()[0].url.find("orderby"), std::string::npos);
    EXPECT_EQ(updated.transport.requests()[0].url.find("property"), std::string::npos);
}

TEST(List, ATableShowsTheColumnItIsSortedBy) {
    for (const auto& [order, column] :
         std::vector<std::pair<std::string, std::string>>{{"created", "CREATED"},
                                                          {"-created", "CREATED"},
                                                          {"updated", "UPDATED"},
                                                          {"-name", "NAME"}}) {
        OneRun run({"list", "-o", "text", "--sort=" + order});
        run.set_everything();
        run.out_is_terminal = true;
        run.columns = 80;
        run.transport.answer(
            200, R"({"items":[{"id":"6990abad-977d-41b9-a85d-17ea8cf1c0e4","name":)"
                 R"("Google BigQuery my-project-123","state":"enabled","createdAt":1700000000000,)"
                 R"("updatedAt":1700000000000,"auth":{"specName":"Basic Authentication"}}]})");
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_NE(run.out.str().find(column), std::string::npos) << order << run.out.str();
    }
}

TEST(List, LinesThatStandAlreadyStay) {
    OneRun run({"list", "-o", "ndjson"});
    run.set_everything();
    run.transport.answer(
        200, R"({"items":[{"id":"a"}],"_links":{"next":{"href":"?continuationToken=t"}}})");
    run.transport.answer(403, "");
    EXPECT_EQ(run(), 4);
    EXPECT_EQ(json::parse(run.out.str()).at("id"), "a");
    EXPECT_TRUE(run.err.str().starts_with(R"({"error":)")) << "as with -o json";
}

TEST(List, ProgressIsForTerminalsAndLeavesNothing) {
    for (const bool terminal : {false, true}) {
        OneRun run({"list", "-o", "text"});
        run.set_everything();
        run.err_is_terminal = terminal;
        run.transport.answer(200, page);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.err.str(), terminal ? "\r\x1b[K2 connections\r\x1b[K" : "");
    }
}

TEST(List, ThePagerIsForTerminals) {
    struct Case {
        bool terminal;
        const char* variable;
        const char* command;
        bool paged;
    };
    for (const Case& one : {Case{true, "PAGER", "less", true}, Case{false, "PAGER", "less", false},
                            Case{true, "PAGER", "cat", false}, Case{true, "PAGER", "", false},
                            Case{true, "BQCONN_PAGER", "more -e", true}}) {
        OneRun run({"list"});
        run.set_everything();
        run.set(one.variable, one.command);
        run.out_is_terminal = one.terminal;
        run.transport.answer(200, page);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.pager, one.paged ? one.command : "") << one.variable << one.command;
        EXPECT_EQ(run.paged.empty(), !one.paged);
        EXPECT_EQ(run.out.str().empty(), one.paged);
    }
}

TEST(List, ColoursAndWidthAreThoseOfTheTerminal) {
    struct Case {
        const char* name;
        const char* value;
        bool terminal;
        bool colour;
    };
    for (const Case& one :
         {Case{"X", "1", true, true}, Case{"X", "1", false, false},
          Case{"NO_COLOR", "1", true, false}, Case{"CLICOLOR", "0", true, false},
          Case{"TERM", "dumb", true, false}, Case{"CLICOLOR_FORCE", "1", false, true},
          Case{"CLICOLOR_FORCE", "0", false, false}}) {
        OneRun run({"list", "-o", "text"});
        run.set_everything();
        run.set(one.name, one.value);
        run.out_is_terminal = one.terminal;
        run.columns = 30;
        run.transport.answer(200,
                             R"({"items":[{"id":"a","name":"a name of some length, really"}]})");
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.out.str().find('\x1b') != std::string::npos, one.colour) << one.name;
        EXPECT_EQ(run.out.str().find("…") != std::string::npos, one.terminal)
            << "piped output is not cut";
    }
}

TEST(Get, FormsAndNoValueOfAParameter) {
    const char* const one =
        R"({"items":[{"id":"a","etag":"\"1\"","name":"n","auth":{"specName":"Basic Authentication",)"
        R"("params":{"clientSecret":"made-up-returned-secret"}}}]})";
    for (const auto& [form, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"id", "a\n"},
             {"etag", "\"1\"\n"},
             {"text", "auth set  clientSecret\n"},
             {"json", R"("authParameters":["clientSecret"])"}}) {
        OneRun run({"get", "a", "-o", form});
        run.set_everything();
        run.transport.answer(200, one);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_NE(run.out.str().find(wanted), std::string::npos) << run.out.str();
        EXPECT_EQ(run.out.str().find("made-up-returned-secret"), std::string::npos);
    }
}

TEST(Get, NotFoundShowsWhatIsNear) {
    OneRun by_id({"get", "abcdef", "-o", "text"});
    by_id.set_everything();
    by_id.transport.answer(404, R"({"type":"x/FLOW-1439-404","title":"Resource not found"})");
    by_id.transport.answer(200, R"({"items":[{"id":"abcdeg","name":"x"},{"id":"zz","name":"y"}]})");
    EXPECT_EQ(by_id(), 6);
    EXPECT_NE(by_id.err.str().find("in sandbox prod"), std::string::npos) << by_id.err.str();
    EXPECT_NE(by_id.err.str().find("abcdeg  x"), std::string::npos);
    EXPECT_EQ(by_id.err.str().find("zz"), std::string::npos);
    OneRun by_name({"get", "--name", "warehose", "-o", "text"});
    by_name.set_everything();
    by_name.transport.answer(200, R"({"items":[]})");
    by_name.transport.answer(200, R"({"items":[{"id":"a","name":"Warehouse"}]})");
    EXPECT_EQ(by_name(), 6);
    EXPECT_NE(by_name.err.str().find("Warehouse"), std::string::npos) << by_name.err.str();
    OneRun near_fails({"get", "--name", "x"});
    near_fails.set_everything();
    near_fails.transport.answer(200, R"({"items":[]})");
    near_fails.transport.answer(403, "");
    EXPECT_EQ(near_fails(), 6) << "the first error counts";
}

TEST(Get, SeveralOfOneNameAreListed) {
    OneRun run({"get", "--name", "n"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"a","name":"n"},{"id":"b","name":"n"}]})");
    EXPECT_EQ(run(), 7);
    EXPECT_NE(run.err.str().find("a  "), std::string::npos);
    EXPECT_NE(run.err.str().find("b  "), std::string::npos);
}

TEST(Get, WhichOneMustBeSaid) {
    const std::vector<std::pair<std::vector<std::string>, const char*>> cases{
        {{"get"}, "usage.missing_id"},
        {{"get", "a", "--name", "n"}, "usage.exclusive_flags"},
        {{"get", "../a"}, "usage.invalid_id"},
        {{"get", "a", "b"}, "usage.unexpected_argument"}};
    for (const auto& [args, code] : cases) {
        OneRun run(args);
        run.set_everything();
        EXPECT_EQ(run(), 2);
        EXPECT_NE(run.err.str().find(code), std::string::npos) << run.err.str();
    }
}

TEST(Sandboxes, NeedNoSandbox) {
    OneRun run({"sandboxes"});
    run.set_everything();
    run.environment.erase("BQCONN_SANDBOX_NAME");
    run.transport.answer(200, R"({"sandboxes":[{"name":"prod","title":"Production"}]})");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(json::parse(run.out.str())[0]["title"], "Production");
    for (const auto& [form, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"id", "prod\n"}, {"text", "NAME  TITLE       TYPE"}}) {
        OneRun other({"sandboxes", "-o", form});
        other.set_everything();
        other.transport.answer(200, R"({"sandboxes":[{"name":"prod","title":"Production"}]})");
        EXPECT_EQ(other(), 0);
        EXPECT_TRUE(other.out.str().starts_with(wanted)) << other.out.str();
    }
}

// A script passes the same list to every verb that calls Adobe; one that is not used is not read.
TEST(AccessFlags, OneListServesEveryVerb) {
    const std::vector<std::string> access{"--org-id",
                                          "A@AdobeOrg",
                                          "--sandbox-name",
                                          "dev",
                                          "--api-key",
                                          "made-up-key",
                                          "--api-secret",
                                          "made-up-secret",
                                          "--access-token",
                                          "@/does/not/exist",
                                          "--scopes",
                                          "a",
                                          "--no-cache",
                                          "--ca-file",
                                          "/ca.pem",
                                          "--timeout",
                                          "5",
                                          "--platform-url",
                                          "https://a",
                                          "--google-auth-url",
                                          "https://b",
                                          "--bigquery-url",
                                          "https://c"};
    int verbs_seen = 0;
    for (const auto& verb : verbs()) {
        std::vector<std::string> words = split(verb.name, ' ');
        words.insert(words.end(), access.begin(), access.end());
        const auto line = cli::read(words);
        const bool calls_adobe = std::find(verb.settings.begin(), verb.settings.end(),
                                           Setting::ims_url) != verb.settings.end();
        EXPECT_EQ(line.mistake.has_value(), !calls_adobe) << verb.name;
        verbs_seen += calls_adobe ? 1 : 0;
    }
    EXPECT_GT(verbs_seen, 10);
    OneRun run({"sandboxes", "--sandbox-name", "Not A Sandbox"});
    run.set_everything();
    run.transport.answer(200, R"({"sandboxes":[]})");
    EXPECT_EQ(run(), 0) << run.err.str();
}

}  // namespace
}  // namespace bqconn::commands
