// Any document becomes an error of the status's class; its text is shown inert.
#include "bqconn/flow/problem.hpp"

#include "bqconn/http/answer.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::Response response = fuzz::response_of(fuzz::text_of(data, size));
    response.status = 300 + response.status % 300;
    const flow::Problem problem = flow::read_problem(response);
    fuzz::require(fuzz::is_inert(problem.words), "the message is inert", problem.words);
    fuzz::require(problem.words.find('\n') == std::string::npos, "the message is one line",
                  problem.words);
    const Error error = flow::error_of(response);
    fuzz::require(error.exit_code() == http::exit_code_of_status(response.status),
                  "the error class matches the status");
    fuzz::check_exit_code(error);
    fuzz::check_shown(error);
    return 0;
}
