// Completion without a call (verbs, flags, words, files, profiles), then of values that the service
// provides.
#include <gtest/gtest.h>

#include <set>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/text.hpp"
#include "support/completed.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::cli {
namespace {

using commands::common_switches;
using commands::Switch;
using tests::completed;
using tests::OneRun;
using tests::values_of;

using Values = std::vector<std::string>;

TEST(Complete, VerbsAndTheirSummaries) {
    const std::string verbs = completed({""});
    for (const auto& verb : commands::verbs()) {
        // Two words, the second after the first.
        Values group = split(verb.name, ' ');
        const std::string line = group.back() + "\t" + std::string(verb.summary) + "\n";
        group.back().clear();
        EXPECT_NE(completed(group).find(line), std::string::npos) << verbs;
        group.insert(group.begin(), "help");
        EXPECT_NE(completed(group).find(line), std::string::npos);
    }
    EXPECT_NE(verbs.find("help\t"), std::string::npos);
    EXPECT_EQ(completed({"help", ""}).find("help\t"), std::string::npos);
    EXPECT_EQ(values_of(completed({"-"})), (Values{"--help", "-h", "--version", "-V"}));
    EXPECT_EQ(completed({"help", "get", ""}), ":nofiles\n");
    EXPECT_EQ(completed({"frobnicate", ""}), ":nofiles\n");
    EXPECT_EQ(verbs.find("__complete"), std::string::npos);
}

TEST(Complete, EveryFlagOfEveryVerb) {
    for (const auto& verb : commands::verbs()) {
        std::set<std::string> wanted;
        const auto want = [&wanted](std::string_view flag) {
            if (!flag.empty()) {
                wanted.emplace(flag);
            }
        };
        for (const auto& list :
             {std::span<const Switch>(verb.switches), std::span<const Switch>(common_switches)}) {
            for (const auto& one : list) {
                want(one.flag);
                want(one.alias);
            }
        }
        for (const auto setting : verb.settings) {
            want(config::spec_of(setting).flag);
            want(config::spec_of(setting).alias);
        }
        Values words = split(verb.name, ' ');
        words.emplace_back("--");
        const auto offered = values_of(completed(words));
        EXPECT_EQ(std::set<std::string>(offered.begin(), offered.end()), wanted) << verb.name;
        EXPECT_EQ(offered.size(), wanted.size());
    }
    EXPECT_NE(completed({"list", "--"}).find("--sandbox\tSandbox to work in"), std::string::npos);
}

TEST(Complete, GivenFlagsAreLeftOutUnlessTheyMayBeRepeated) {
    const auto offers = [](const Values& words, const std::string& flag) {
        const auto offered = values_of(completed(words));
        return std::find(offered.begin(), offered.end(), flag) != offered.end();
    };
    EXPECT_TRUE(offers({"list", "-"}, "--sandbox"));
    for (const Values& words :
         {Values{"list", "--sandbox", "x", "-"}, Values{"list", "--sandbox-name=x", "-"}}) {
        EXPECT_FALSE(offers(words, "--sandbox"));
        EXPECT_FALSE(offers(words, "--sandbox-name"));
    }
    EXPECT_FALSE(offers({"list", "-ojson", "-"}, "--output"));
    EXPECT_FALSE(offers({"list", "-qv", "-"}, "--verbose"));
    EXPECT_FALSE(offers({"list", "--allow-insecure-files", "-"}, "--allow-insecure-files"));
    EXPECT_FALSE(offers({"create", "--dry-run", "-"}, "--dry-run"));
    EXPECT_TRUE(offers({"create", "--env-file", "x", "-"}, "--env-file"));
    EXPECT_TRUE(offers({"create", "--", "-"}, "--dry-run") == false) << "no flags after --";
    EXPECT_TRUE(offers({"create", ""}, "--dry-run")) << "nothing else is possible here";
    EXPECT_TRUE(offers({"get", "--name", "x", ""}, "--output"));
    EXPECT_TRUE(offers({"create", "--no-such", "-"}, "--dry-run")) << "mistakes are ignored";
}

TEST(Complete, Words) {
    EXPECT_EQ(completed({"get", "-o", ""}), "auto\t\ntext\t\njson\t\nid\t\netag\t\n:nofiles\n");
    EXPECT_EQ(values_of(completed({"explore", "--output", ""})).back(), "csv");
    EXPECT_EQ(completed({"delete", "--output=", ""}).find("text\t\n"), std::string::npos);
    EXPECT_EQ(completed({"sandboxes", "--output=j"}),
              "auto\t\ntext\t\njson\t\nid\t\n:nofiles --output=\n");
    EXPECT_TRUE(completed({"sandboxes", "-oj"}).ends_with("id\t\n:nofiles -o\n"));
    EXPECT_EQ(completed({"create", "--if-exists", "r"}),
              "new\t\nerror\t\nreuse\t\nupdate\t\n:nofiles\n");
    EXPECT_EQ(values_of(completed({"list", "--sort="})).size(), 6U);
    EXPECT_EQ(completed({"completion", ""}), "bash\t\nzsh\t\nfish\t\n:nofiles\n");
    EXPECT_EQ(completed({"create", "--project", ""}), ":nofiles\n");
    EXPECT_EQ(completed({"create", "--name", ""}), ":nofiles\n") << "it is a new name";
}

TEST(Complete, Files) {
    for (const char* const flag :
         {"--key-file", "--env-file", "--credentials", "--ca-file", "--log-file"}) {
        EXPECT_EQ(completed({"create", flag, "k"}), ":files\n");
        EXPECT_EQ(completed({"create", std::string(flag) + "=k"}),
                  ":files " + std::string(flag) + "=\n");
    }
    EXPECT_EQ(completed({"create", "--api-secret", "@k"}), ":files @\n");
    EXPECT_EQ(completed({"create", "--api-secret=@k"}), ":files --api-secret=@\n");
    EXPECT_EQ(completed({"create", "--api-secret", "made-up"}), ":nofiles\n");
}

TEST(Complete, Profiles) {
    const tests::TempFolder folder;
    ASSERT_EQ(::mkdir(folder.path("bqconn").c_str(), 0700), 0);
    for (const char* const name : {"two.env", "one.env", ".hidden.env", "x.txt", "a\nb.env"}) {
        folder.write("bqconn/" + std::string(name), "");
    }
    OneRun run({"__complete", "list", "--profile", ""});
    run.set("XDG_CONFIG_HOME", folder.path().c_str());
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.out.str(), "one\t\ntwo\t\n:nofiles\n");
    EXPECT_EQ(completed({"list", "--profile", ""}), ":nofiles\n") << "no such folder";
}

TEST(Complete, NothingIsAnErrorAndNothingIsSaid) {
    for (const Values& words :
         {Values{}, Values{"create", "--project"}, Values{"get", "--name=", "\x1b[31m"},
          Values{"--sandbox", "x", ""}, Values{"delete", "a", "--", "b", "-"}}) {
        OneRun run(words);
        run.args.insert(run.args.begin(), "__complete");
        run.set("BQCONN_OUTPUT", "no such form");
        run.set("BQCONN_LOG", "debug");
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.err.str(), "");
    }
    OneRun closed({"__complete", ""});
    closed.out.setstate(std::ios::badbit);
    EXPECT_EQ(closed(), 0);
    EXPECT_EQ(closed.err.str(), "");
}

constexpr const char* page =
    R"({"items":[{"id":"a1","name":"one two"},{"id":"b2","name":"$(touch x) \"q\""},)"
    R"({"id":"c3","name":"one two"},{"id":"--yes","name":"--yes"},{"id":"d4","name":"tab\tbed"},)"
    R"({"id":"e5","name":""},{"id":"f6","name":"\u001b[31mred"}],)"
    R"("_links":{"next":{"href":"?continuationToken=t"}}})";

// A run with every setting given.
OneRun& prepared(OneRun& run) {
    run.args.insert(run.args.begin(), "__complete");
    run.set_everything();
    return run;
}

void expect_nothing(OneRun& run, const std::string& last_line = ":nofiles\n") {
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.out.str(), last_line);
    EXPECT_EQ(run.err.str(), "");
}

TEST(CompleteLive, IdsWithNames) {
    for (const char* const verb : {"get", "test", "update", "delete", "explore"}) {
        OneRun run({verb, ""});
        prepared(run).transport.answer(200, page);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.out.str(),
                  "a1\tone two\nb2\t$(touch x) \"q\"\nc3\tone two\nd4\ttab bed\ne5\t\n"
                  "f6\t\xef\xbf\xbd[31mred\n:nofiles\n")
            << verb;
        EXPECT_EQ(run.err.str(), "");
        const auto& request = run.transport.requests().at(0);
        EXPECT_LE(request.timeout.value(), std::chrono::milliseconds(900));
        EXPECT_EQ(request.retry, http::Retry::read);
    }
}

TEST(CompleteLive, IdsThatStandThereAlreadyAreLeftOut) {
    OneRun run({"delete", "a1", "--yes", "c3", ""});
    prepared(run).transport.answer(200, page);
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(run.out.str().starts_with("b2\t")) << run.out.str();
    EXPECT_EQ(run.out.str().find("c3"), std::string::npos);
    OneRun enough({"get", "a1", "x"});
    expect_nothing(prepared(enough));
}

TEST(CompleteLive, NamesWhereOneIsLookedUp) {
    for (const Values& words : {Values{"get", "--name", ""}, Values{"list", "--name=o"},
                                Values{"update", "--name", ""}}) {
        OneRun run(words);
        prepared(run).transport.answer(200, page);
        EXPECT_EQ(run(), 0);
        const bool flag_part = words.back() == "--name=o";
        const std::string& out = run.out.str();
        EXPECT_TRUE(out.starts_with("one two\ta1\n$(touch x) \"q\"\tb2\n")) << out;
        EXPECT_EQ(out.find("c3"), std::string::npos) << "each name once";
        EXPECT_EQ(out.find("bed"), std::string::npos) << "only names are offered";
        EXPECT_EQ(out.find("red"), std::string::npos);
        EXPECT_EQ(out.find("--yes") != std::string::npos, flag_part) << "names never yield flags";
        EXPECT_TRUE(out.ends_with(flag_part ? "\n:nofiles --name=\n" : "\n:nofiles\n"));
    }
    for (const Values& words :
         {Values{"create", "--name", ""}, Values{"update", "a1", "--name", ""},
          Values{"update", "--new-name", ""}}) {
        OneRun run(words);
        expect_nothing(prepared(run));
    }
}

TEST(CompleteLive, Sandboxes) {
    for (const Values& words :
         {Values{"list", "--sandbox", ""}, Values{"create", "--sandbox-name="}}) {
        OneRun run(words);
        prepared(run).environment.erase("BQCONN_SANDBOX_NAME");
        run.transport.answer(200, R"({"sandboxes":[{"name":"prod","title":"Production"}],)"
                                  R"("_links":{"next":{"href":"?offset=1"}}})");
        EXPECT_EQ(run(), 0);
        EXPECT_TRUE(run.out.str().starts_with("prod\tProduction\n:nofiles")) << run.out.str();
    }
    std::string full;
    for (int i = 0; i < 50; ++i) {
        full += (i == 0 ? "" : ",") + (R"({"name":"s)" + std::to_string(i) + R"("})");
    }
    OneRun one_page({"list", "--sandbox", ""});
    prepared(one_page).transport.answer(200, R"({"sandboxes":[)" + full + "]}");
    EXPECT_EQ(one_page(), 0);
    EXPECT_TRUE(one_page.out.str().ends_with("s49\t\n:nofiles\n"));
}

TEST(CompleteLive, Tables) {
    constexpr const char* tables =
        R"([{"path":"shop.orders","type":"table"},{"name":"a b","type":"view"}])";
    OneRun by_id({"explore", "a1", ""});
    prepared(by_id).transport.answer(200, tables);
    EXPECT_EQ(by_id(), 0);
    EXPECT_EQ(by_id.out.str(), "shop.orders\ttable\na b\tview\n:nofiles\n");
    EXPECT_NE(by_id.transport.requests()[0].url.find("/connections/a1/explore"), std::string::npos);
    OneRun by_name({"explore", "--name", "one", ""});
    prepared(by_name).transport.answer(200, R"({"items":[{"id":"a1","name":"one"}]})");
    by_name.transport.answer(200, tables);
    EXPECT_EQ(by_name(), 0);
    EXPECT_EQ(by_name.out.str(), by_id.out.str());
    OneRun several({"explore", "--name", "one two", ""});
    prepared(several).transport.answer(200, page);
    expect_nothing(several);
    OneRun no_id({"explore", "../a", ""});
    expect_nothing(prepared(no_id));
}

TEST(CompleteLive, DataflowsAndDatasets) {
    constexpr const char* flows = R"({"items":[{"id":"f1","name":"Orders","flowSpec":{"id":)"
                                  R"("14518937-270c-4525-bdec-c2ba7cce3860"}}],)"
                                  R"("_links":{"next":{"href":"?continuationToken=t"}}})";
    std::string datasets;
    for (int i = 0; i < 100; ++i) {  // a full page
        datasets += (i == 0 ? "" : ",") + (R"("d)" + std::to_string(i) + R"(":{"name":"n"})");
    }
    datasets = "{" + datasets + "}";
    const std::vector<std::pair<Values, std::string>> cases{
        {{"dataflow", "get", ""}, "f1\tOrders\n:nofiles\n"},
        {{"dataflow", "runs", "--name="}, "Orders\tf1\n:nofiles --name=\n"},
        {{"dataflow", "list", "--name", ""}, "Orders\tf1\n:nofiles\n"},
        {{"dataflow", "create", "a1", "--into", ""}, "n\td0\n:nofiles\n"}};
    for (const auto& [words, wanted] : cases) {
        OneRun run(words);
        prepared(run).transport.answer(
            200, words.back().empty() && words[1] == "create" ? datasets : flows);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.out.str(), wanted);
    }
    for (const Values& words :
         {Values{"dataflow", "create", "--name", ""}, Values{"dataflow", "get", "f1", "--name", ""},
          Values{"dataflow", "why", "f1", ""}}) {
        OneRun run(words);
        expect_nothing(prepared(run));
    }
}

TEST(CompleteLive, ADataflowsConnectionAndItsTables) {
    constexpr const char* one = R"({"items":[{"id":"a1","name":"Warehouse"}]})";
    for (const Values& words : {Values{"dataflow", "create", "--connection-name", ""},
                                Values{"dataflow", "create", "--connection-name=W"}}) {
        OneRun run(words);
        prepared(run).transport.answer(200, one);
        EXPECT_EQ(run(), 0);
        EXPECT_TRUE(run.out.str().starts_with("Warehouse\ta1\n")) << run.out.str();
    }
    OneRun tables({"dataflow", "create", "--connection-name", "Warehouse", "--table", ""});
    prepared(tables).transport.answer(200, one);
    tables.transport.answer(200, R"([{"path":"shop.orders","type":"table"}])");
    EXPECT_EQ(tables(), 0);
    EXPECT_EQ(tables.out.str(), "shop.orders\ttable\n:nofiles\n");
    EXPECT_TRUE(completed({"dataflow", "create", "--connection-name", "W", ""}).starts_with("--"))
        << "no operand is left";
    OneRun id({"dataflow", "create", "--name", "new", ""});
    prepared(id).transport.answer(200, one);
    EXPECT_EQ(id(), 0);
    EXPECT_EQ(id.out.str(), "a1\tWarehouse\n:nofiles\n");
}

TEST(CompleteLive, SettingsAreThoseThatWouldCount) {
    const tests::TempFolder folder;
    const std::string file = folder.write("a.env", "BQCONN_SANDBOX_NAME=from-file\n");
    const std::vector<std::pair<Values, std::string>> cases{
        {{"get", "--sandbox", "typed", ""}, "typed"},
        {{"get", "--sandbox", "Not A Sandbox", ""}, "prod"},
        {{"get", "--sandbox", "", ""}, "prod"},
        {{"get", "--timeout", "soon", "--access-token", "-", ""}, "prod"},
        {{"get", "--env-file", file, ""}, "prod"}};
    for (const auto& [words, sandbox] : cases) {
        OneRun run(words);
        prepared(run).transport.answer(200, page);
        EXPECT_EQ(run(), 0);
        ASSERT_EQ(run.transport.requests().size(), 1U);
        EXPECT_EQ(tests::header_of(run.transport.requests()[0], "x-sandbox-name"), sandbox);
    }
    OneRun from_file({"get", "--env-file=" + file, ""});
    prepared(from_file).environment.erase("BQCONN_SANDBOX_NAME");
    from_file.transport.answer(200, page);
    EXPECT_EQ(from_file(), 0);
    EXPECT_EQ(tests::header_of(from_file.transport.requests().at(0), "x-sandbox-name"),
              "from-file");
}

TEST(CompleteLive, WhateverFailsNothingIsOfferedAndNothingSaid) {
    OneRun nothing_set({"__complete", "get", ""});
    expect_nothing(nothing_set);
    OneRun no_file({"get", "--env-file", "/no/such/file", ""});
    expect_nothing(prepared(no_file));
    for (const char* const body : {"", "<html>", "[]", R"({"items":7})", R"({"items":[7]})",
                                   R"({"items":[{"id":"../x"}]})"}) {
        OneRun run({"get", ""});
        prepared(run).transport.answer(200, body);
        expect_nothing(run);
    }
    for (const int status : {204, 302, 401, 403, 404, 429, 500, 503}) {
        OneRun run({"get", "--name="});
        prepared(run).transport.answer(status, "");
        expect_nothing(run, ":nofiles --name=\n");
        EXPECT_EQ(run.pauses, 0) << "no retries";
    }
    OneRun broken({"get", ""});
    prepared(broken).transport.fail(http::Sent::maybe);
    expect_nothing(broken);
}

TEST(CompleteLive, TokenAndListShareTheTimeAndNoTokenIsFetchedTwice) {
    OneRun run({"get", "-v", ""});
    prepared(run).environment.erase("BQCONN_ACCESS_TOKEN");
    run.set("BQCONN_API_SECRET", "made-up-api-secret");
    run.set("BQCONN_LOG", "debug");
    run.transport.answer(200, R"({"access_token":"made-up-fetched-token","expires_in":1})");
    run.transport.answer(401, "");
    expect_nothing(run);
}

TEST(CompleteLive, ASecretThatTheServiceEchoesIsNotOffered) {
    for (const char* const name : {"made-up-access-token", "x made-up client secret"}) {
        OneRun run({"get", "--name", ""});
        prepared(run).transport.answer(
            200, R"({"items":[{"id":"a1","name":")" + std::string(name) + R"("}]})");
        expect_nothing(run);
    }
    OneRun described({"get", ""});
    prepared(described).transport.answer(
        200, R"({"items":[{"id":"a1","name":"made-up-access-token"}]})");
    EXPECT_EQ(described(), 0);
    EXPECT_EQ(described.out.str(), "a1\t[redacted]\n:nofiles\n");
}

}  // namespace
}  // namespace bqconn::cli
