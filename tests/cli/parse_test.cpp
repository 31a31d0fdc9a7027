#include "bqconn/cli/parse.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/text.hpp"
#include "support/expect_error.hpp"

namespace bqconn::cli {
namespace {

using commands::Flag;
using commands::verbs;
using config::Setting;
using tests::error_of;

// Reads a command line that has no mistake, or throws the mistake.
CommandLine parse(const std::vector<std::string>& args) {
    CommandLine line = read(args);
    if (line.mistake) {
        throw Error(*line.mistake);
    }
    return line;
}

std::string typed(const CommandLine& line, Setting setting) {
    return line.typed.at(setting).back().reveal();
}

TEST(Parse, VerbFlagsAndSwitches) {
    const CommandLine line =
        parse({"create", "--project", "a", "--name=b c", "--dry-run", "-v", "-o", "json"});
    ASSERT_NE(line.verb, nullptr);
    EXPECT_EQ(line.verb->name, "create");
    EXPECT_EQ(typed(line, Setting::project), "a");
    EXPECT_EQ(typed(line, Setting::name), "b c");
    EXPECT_EQ(typed(line, Setting::output), "json");
    EXPECT_TRUE(line.has(Flag::dry_run));
    EXPECT_TRUE(line.has(Flag::verbose));
    EXPECT_FALSE(line.has(Flag::quiet));
}

TEST(Parse, EveryFlagOfEveryVerbIsTaken) {
    for (const auto& verb : verbs()) {
        for (const Setting setting : verb.settings) {
            const auto& spec = config::spec_of(setting);
            for (const auto flag : {spec.flag, spec.alias}) {
                if (flag.empty()) {
                    continue;
                }
                auto args = split(verb.name, ' ');
                args.emplace_back(flag);
                if (spec.takes != config::Takes::yes_no) {
                    args.emplace_back("value");
                }
                EXPECT_TRUE(parse(args).typed.contains(setting)) << flag;
            }
        }
        for (const auto& one : verb.switches) {
            auto args = split(verb.name, ' ');
            args.emplace_back(one.flag);
            EXPECT_TRUE(parse(args).has(one.id)) << one.flag;
        }
    }
}

TEST(Parse, RepeatedFlagsKeepTheirOrder) {
    const CommandLine line =
        parse({"create", "--env-file", "a", "--env-file", "b", "--project", "x"});
    ASSERT_EQ(line.typed.at(Setting::env_file).size(), 2U);
    EXPECT_EQ(line.typed.at(Setting::env_file)[0].reveal(), "a");
}

TEST(Parse, ValuesThatLookLikeFlags) {
    EXPECT_EQ(typed(parse({"create", "--refresh-token=-x"}), Setting::refresh_token), "-x");
    EXPECT_EQ(typed(parse({"create", "--refresh-token", "-"}), Setting::refresh_token), "-");
    EXPECT_EQ(error_of([] {
                  parse({"create", "--name", "--project"});
              }).code(),
              "usage.missing_value");
}

TEST(Parse, FlagsBeforeTheVerb) {
    const CommandLine line =
        parse({"-v", "--project", "create", "--name=b", "create", "--dry-run"});
    ASSERT_NE(line.verb, nullptr);
    EXPECT_EQ(line.verb->name, "create");
    EXPECT_EQ(typed(line, Setting::project), "create");
    EXPECT_EQ(typed(line, Setting::name), "b");
    EXPECT_TRUE(line.has(Flag::verbose) && line.has(Flag::dry_run));
    EXPECT_EQ(parse({"-q", "auth", "status"}).verb->name, "auth status");
    EXPECT_TRUE(parse({"--help", "create"}).has(Flag::help));
}

TEST(Parse, AnEmptyAttachedValueSwallowsNoWord) {
    for (const char* const flag : {"--name=", "--sandbox="}) {
        const CommandLine line = read({"delete", flag, "an-id", "--yes"});
        EXPECT_TRUE(line.mistake);
        EXPECT_EQ(line.typed.size(), 0U);
        EXPECT_EQ(line.operands, std::vector<std::string>{"an-id"});
        EXPECT_TRUE(line.has(Flag::yes));
    }
    EXPECT_FALSE(read({"delete", "--", "--name="}).mistake) << "an operand";
}

TEST(Parse, HelpAndVersion) {
    EXPECT_EQ(parse({}).verb, nullptr);
    EXPECT_TRUE(parse({"--help"}).has(Flag::help));
    EXPECT_TRUE(parse({"-h"}).has(Flag::help));
    EXPECT_TRUE(parse({"help"}).has(Flag::help));
    EXPECT_EQ(parse({"help", "create"}).verb->name, "create");
    EXPECT_TRUE(parse({"create", "--help"}).has(Flag::help));
    EXPECT_TRUE(parse({"create", "--help", "--project", "x"}).has(Flag::help));
    EXPECT_TRUE(parse({"--version"}).has(Flag::version));
    EXPECT_TRUE(parse({"-V"}).has(Flag::version));
}

struct Mistake {
    std::vector<std::string> args;
    const char* code;
    const char* message;
    const char* hint;
};

TEST(Parse, MistakesAreNamed) {
    const std::vector<Mistake> mistakes{
        {{"craete"}, "usage.unknown_verb", "\"craete\"", "bqconn create"},
        {{"help", "craete"}, "usage.unknown_verb", "\"craete\"", "bqconn create"},
        {{"SECRET"}, "usage.unknown_verb", "unknown verb", "--help"},
        {{"rm"}, "usage.unknown_verb", "\"rm\"", "bqconn delete"},
        {{"version"}, "usage.unknown_verb", "\"version\"", "bqconn --version"},
        {{"login"}, "usage.unknown_verb", "\"login\"", "bqconn auth google"},
        {{"auth", "login"}, "usage.unknown_verb", "\"auth login\"", "bqconn auth google"},
        {{"flows"}, "usage.unknown_verb", "\"flows\"", "bqconn dataflow list"},
        {{"dataflow", "rm"}, "usage.unknown_verb", "\"dataflow rm\"", "bqconn dataflow delete"},
        {{"dataflow", "bogus"},
         "usage.unknown_verb",
         "\"dataflow bogus\"",
         "bqconn dataflow --help"},
        {{"dataflow", "help"}, "usage.unknown_verb", "\"dataflow help\"", "bqconn dataflow --help"},
        {{"auth", "SECRET"}, "usage.unknown_verb", "\"auth\"", "bqconn auth --help"},
        {{"-v", "craete"}, "usage.unknown_verb", "\"craete\"", "bqconn create"},
        {{"--project", "x"}, "usage.missing_verb", "the verb is missing", "create [flags]"},
        {{"-v"}, "usage.missing_verb", "the verb is missing", "create [flags]"},
        {{"--versoin"}, "usage.unknown_flag", "--versoin", "--version?"},
        {{"-1//SECRET"}, "usage.unknown_flag", "not shown", "--help"},
        {{"--dry-run", "craete"}, "usage.unknown_verb", "\"craete\"", "bqconn create"},
        {{"-v", "--client-secrt", "asecret", "create"},
         "usage.unknown_flag",
         "unknown flag --client-secrt",
         "--client-secret?"},
        {{"create", "--refesh-token", "SECRET"},
         "usage.unknown_flag",
         "--refesh-token",
         "--refresh-token?"},
        {{"create", "--refesh-token=SECRET"},
         "usage.unknown_flag",
         "--refesh-token",
         "--refresh-token?"},
        {{"create", "-project", "SECRET"}, "usage.unknown_flag", "-project", "--project?"},
        {{"create", "--frobnicate"}, "usage.unknown_flag", "--frobnicate", "bqconn create --help"},
        {{"create", "--1//SECRET"}, "usage.unknown_flag", "not shown", "--flag=VALUE"},
        {{"create", "SECRET"}, "usage.unexpected_argument", "not shown", "quote"},
        {{"create", "--project"}, "usage.missing_value", "--project needs a value", "--help"},
        {{"create", "--dry-run=SECRET"},
         "usage.unwanted_value",
         "--dry-run takes no value",
         "--help"},
        {{"create", "--dry-run=true"}, "usage.unwanted_value", "takes no value", "--help"},
        {{"delete", "--yes=", "ID"}, "usage.unwanted_value", "--yes takes no value", "--help"},
        {{"delete", "--name=", "SECRET"}, "usage.missing_value", "--name= has", "empty"},
        {{"create", "--name="}, "usage.missing_value", "--name= has an empty value", "empty"},
        {{"list", "-o="}, "usage.missing_value", "-o= has an empty value", "empty"},
        {{"list", "--no-cache=true"}, "usage.unwanted_value", "--no-cache takes no", "--help"},
        {{"list", "--dry-run"}, "usage.unknown_flag", "--dry-run", "list --help"},
    };
    for (const auto& mistake : mistakes) {
        const Error error = error_of([&] { parse(mistake.args); });
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_EQ(error.code(), mistake.code) << mistake.args.back();
        EXPECT_NE(error.message().find(mistake.message), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find(mistake.hint), std::string::npos) << error.hint();
        EXPECT_EQ(tests::all_of(error).find("SECRET"), std::string::npos) << tests::all_of(error);
    }
}

}  // namespace
}  // namespace bqconn::cli
