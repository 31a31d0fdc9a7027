#include "bqconn/flow/outcome.hpp"

#include <gtest/gtest.h>

namespace bqconn::flow {
namespace {

TEST(AppliedBy, EveryStatusHasAnAnswer) {
    for (int status = 100; status < 600; ++status) {
        const bool refused =
            (status >= 400 && status < 500 && status != 408) || status == 307 || status == 308;
        const Applied wanted = status == 204 ? Applied::yes
                               : refused     ? Applied::no
                                             : Applied::unknown;
        EXPECT_EQ(classify_status(status, 204), wanted) << status;
    }
}

TEST(OutcomeUnknown, NamesTheObject) {
    const OutcomeUnknown lost({.code = "unknown.create",
                               .object = "the dataflow",
                               .participle = "created",
                               .look = "bqconn list"},
                              "the connection broke", false);
    EXPECT_EQ(lost.with("it is not listed").message(),
              "the dataflow may or may not have been created: the request was sent, but the "
              "connection broke; it is not listed");
    EXPECT_EQ(lost.hint(), "check before you run the command again: bqconn list");
}

}  // namespace
}  // namespace bqconn::flow
