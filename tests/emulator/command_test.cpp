#include "bqconn/emulator/command.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "emulator/certificate.hpp"
#include "emulator/given_settings.hpp"

namespace bqconn::emulator {
namespace {

TEST(Exec, GivesTheStatusOfTheCommand) {
    for (const int status : {0, 1, 3, 125, 126, 127, 255}) {
        EXPECT_EQ(exec({"sh", "-c", "exit " + std::to_string(status)}).status, status);
    }
}

TEST(Exec, CommandEndedByASignal) {
    EXPECT_EQ(exec({"sh", "-c", "kill -KILL $$"}).status, 128 + SIGKILL);
    EXPECT_EQ(exec({"sh", "-c", "kill -TERM $$"}).status, 128 + SIGTERM);
}

TEST(Exec, CommandThatCannotBeRun) {
    const Finished missing = exec({"no-such-command"});
    EXPECT_EQ(missing.status, 127);
    EXPECT_EQ(missing.out, "");
    EXPECT_EQ(missing.err,
              "bqconn-emulator: cannot run no-such-command: No such file or directory\n");
    EXPECT_EQ(exec({"/no/such/command"}).status, 127);
    const TemporaryFolder folder;
    std::ofstream(folder.file("script")) << "#!/bin/sh\nexit 0\n";
    EXPECT_EQ(exec({folder.file("script")}).status, 126);
    std::filesystem::permissions(folder.file("script"), std::filesystem::perms(0700));
    EXPECT_EQ(exec({folder.file("script")}).status, 0);
    EXPECT_EQ(exec({folder.file("")}).status, 126);
}

TEST(Exec, PassesArgumentsAndStreamsThrough) {
    const Finished finished =
        exec({"sh", "-c", "printf '%s|' \"$@\"; echo err >&2", "x", "a b", "--port", "--", ""});
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.out, "a b|--port|--||");
    EXPECT_EQ(finished.err, "err\n");
    Program program(exec_with({}, {"cat"}));
    program.close_input();
    EXPECT_EQ(program.wait(), 0);
}

TEST(Exec, SignalsArePassedOn) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        Program program(
            exec_with({}, {"sh", "-c", "trap 'exit 42' INT TERM HUP QUIT; echo READY; read x"}));
        EXPECT_EQ(program.read_until("READY\n"), "READY\n");
        program.signal(number);
        EXPECT_EQ(program.wait(), 42) << number;
    }
}

TEST(Exec, CommandHasTheSignalsAsTheyWere) {
    // Even though the emulator blocks some signals and its library ignores one.
    const Words print{"sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status"};
    EXPECT_EQ(exec(print).out, run_program(print).out);
    EXPECT_EQ(exec({"sh", "-c", "yes | head -1 >/dev/null; kill -PIPE $$"}).status, 128 + SIGPIPE);
}

TEST(Exec, CommandInheritsNoSocket) {
    EXPECT_EQ(exec({"sh", "-c", "ls -l /proc/self/fd | grep -c socket"}).out, "0\n");
}

}  // namespace
}  // namespace bqconn::emulator
