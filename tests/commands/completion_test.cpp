#include <gtest/gtest.h>

#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

TEST(Completion, EachShellHasItsScript) {
    for (const auto& [shell, word] : std::vector<std::pair<std::string, std::string>>{
             {"bash", "complete -F"}, {"zsh", "#compdef bqconn"}, {"fish", "complete --command"}}) {
        OneRun run({"completion", shell});
        run.set("BQCONN_PROFILE", "no-such-profile");
        EXPECT_EQ(run(), 0) << "it needs no settings: " << run.err.str();
        EXPECT_NE(run.out.str().find(word), std::string::npos);
        EXPECT_EQ(run.err.str(), "");
        EXPECT_NE(run.out.str().find(" __complete "), std::string::npos);
    }
}

TEST(Completion, AnotherShellIsAMistake) {
    const std::vector<std::pair<std::vector<std::string>, const char*>> cases{
        {{"completion"}, "specify one of: bash, zsh, fish"},
        {{"completion", "fihs"}, "did you mean \\\"bqconn completion fish\\\"?"},
        {{"completion", "SECRET"}, "must be one of: bash, zsh, fish"},
        {{"completion", "bash", "zsh"}, "usage.unexpected_argument"},
        {{"completion", "bash", "-o", "json"}, "usage.unknown_flag"}};
    for (const auto& [args, words] : cases) {
        OneRun run(args);
        EXPECT_EQ(run(), 2);
        EXPECT_EQ(run.out.str(), "");
        EXPECT_NE(run.err.str().find(words), std::string::npos) << run.err.str();
        EXPECT_EQ(run.err.str().find("SECRET"), std::string::npos);
    }
}

TEST(Completion, HelpHasNoFormAndNoSettings) {
    OneRun run({"completion", "--help"});
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.out.str().find("--output"), std::string::npos);
    EXPECT_EQ(run.out.str().find("BQCONN_"), std::string::npos);
    EXPECT_NE(run.out.str().find("source <(bqconn completion bash)"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
