# One wrong call of kerf_add_model, given as the list CALL, in script mode: it must stop before it makes a target.
include(${CMAKE_CURRENT_LIST_DIR}/../../codegen/KerfAddModel.cmake)
kerf_add_model(${CALL})
