#include "reliability/judged.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <mutex>

#include "bqconn/json/parse.hpp"
#include "emulator/program.hpp"

namespace bqconn::reliability {
namespace {

constexpr int hang = 124;  // from timeout(1)

// The figures in docs/reliability.md, for all runs of this process.
struct Figures {
    std::mutex mutex;
    int runs = 0;
    int wrong_exit_codes = 0;
    int duplicates = 0;
    int false_successes = 0;
    int hangs = 0;
    int leaks = 0;

    ~Figures() {
        std::cout << "figures: runs " << runs << ", exit codes other than documented "
                  << wrong_exit_codes << ", duplicates " << duplicates << ", false successes "
                  << false_successes << ", hangs " << hangs << ", secrets shown " << leaks
                  << std::endl;
    }
};

std::vector<std::string> outcomes_in(const std::string& out) {
    std::vector<std::string> outcomes;
    const json::Json document = json::parse_or_null(out);
    for (const auto& change : json::array_at(document, "changes")) {
        outcomes.push_back(json::string_at(change, "outcome"));
    }
    return outcomes;
}

Figures& figures() {
    static Figures all;
    return all;
}

}  // namespace

void judge(const Judged& run, int most_posts) {
    const std::string secret = secret_in(run.out + run.err);
    Figures& all = figures();
    const std::lock_guard lock(all.mutex);
    ++all.runs;
    all.wrong_exit_codes += run.status != run.expected ? 1 : 0;
    all.duplicates += run.posts > most_posts ? 1 : 0;
    all.false_successes += run.status == 0 && run.expected != 0 ? 1 : 0;
    all.hangs += run.status == hang ? 1 : 0;
    all.leaks += secret.empty() ? 0 : 1;
    SCOPED_TRACE(run.what + "\nstdout: " + run.out + "\nstderr: " + run.err);
    EXPECT_EQ(run.status, run.expected);
    EXPECT_LE(run.posts, most_posts);
    EXPECT_EQ(secret, "");
    // What is partly deleted is listed.
    EXPECT_EQ(run.out.empty(), run.status != 0 && !run.lists_parts);
    if (!run.outcomes.empty()) {
        EXPECT_EQ(outcomes_in(run.out), run.outcomes);
    }
}

Judged run_binary(const Verb& verb, const std::vector<std::string>& environment,
                  const std::vector<std::string>& more) {
    // A generous limit: it only ends hangs.
    std::vector<std::string> command{"timeout", "-k", "5", "120", BQCONN_BINARY};
    command.insert(command.end(), verb.arguments.begin(), verb.arguments.end());
    command.insert(command.end(), more.begin(), more.end());
    command.emplace_back("-v");
    const auto finished = emulator::run_program(command, environment);
    Judged run;
    run.status = finished.status;
    run.out = finished.out;
    run.err = finished.err;
    return run;
}

}  // namespace bqconn::reliability
