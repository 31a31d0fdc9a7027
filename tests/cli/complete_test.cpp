// Completion without a call: verbs, flags, words, files, profiles.
#include <gtest/gtest.h>

#include <set>

#include "bqconn/cli/verbs.hpp"
#include "bqconn/core/text.hpp"
#include "support/completed.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::cli {
namespace {

using tests::completed;
using tests::OneRun;
using tests::values_of;

using Values = std::vector<std::string>;

TEST(Complete, VerbsAndTheirSummaries) {
    const std::string verbs = completed({""});
    for (const auto& verb : cli::verbs()) {
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
    for (const auto& verb : cli::verbs()) {
        std::set<std::string> wanted;
        const auto want = [&wanted](std::string_view flag) {
            if (!flag.empty()) {
                wanted.emplace(flag);
            }
        };
        for (const auto& list : {std::span<const Switch>(verb.switches), common_switches()}) {
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
    EXPECT_NE(completed({"list", "--"}).find("--sandbox\tSandbox of the connection"),
              std::string::npos);
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
    EXPECT_EQ(completed({"create", "--if-exists", "r"}), "new\t\nerror\t\nreuse\t\n:nofiles\n");
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

}  // namespace
}  // namespace bqconn::cli
