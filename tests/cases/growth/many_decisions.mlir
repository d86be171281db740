// More decisions than a call has arguments: the oracle follows them all.
// RUN: kerf-run --compare %s
module attributes {kerf.model = "growth"} {
func.func @f(%x: tensor<64xf32> {kerf.name = "x"}) -> (tensor<64xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %p0 = kerf.compare %x, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v0 = kerf.select %p0, %x, %x : tensor<64xi1>, tensor<64xf32>
  %p1 = kerf.compare %v0, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v1 = kerf.select %p1, %x, %v0 : tensor<64xi1>, tensor<64xf32>
  %p2 = kerf.compare %v1, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v2 = kerf.select %p2, %x, %v1 : tensor<64xi1>, tensor<64xf32>
  %p3 = kerf.compare %v2, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v3 = kerf.select %p3, %x, %v2 : tensor<64xi1>, tensor<64xf32>
  %p4 = kerf.compare %v3, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v4 = kerf.select %p4, %x, %v3 : tensor<64xi1>, tensor<64xf32>
  %p5 = kerf.compare %v4, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v5 = kerf.select %p5, %x, %v4 : tensor<64xi1>, tensor<64xf32>
  %p6 = kerf.compare %v5, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v6 = kerf.select %p6, %x, %v5 : tensor<64xi1>, tensor<64xf32>
  %p7 = kerf.compare %v6, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v7 = kerf.select %p7, %x, %v6 : tensor<64xi1>, tensor<64xf32>
  %p8 = kerf.compare %v7, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v8 = kerf.select %p8, %x, %v7 : tensor<64xi1>, tensor<64xf32>
  %p9 = kerf.compare %v8, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v9 = kerf.select %p9, %x, %v8 : tensor<64xi1>, tensor<64xf32>
  %p10 = kerf.compare %v9, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v10 = kerf.select %p10, %x, %v9 : tensor<64xi1>, tensor<64xf32>
  %p11 = kerf.compare %v10, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v11 = kerf.select %p11, %x, %v10 : tensor<64xi1>, tensor<64xf32>
  %p12 = kerf.compare %v11, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v12 = kerf.select %p12, %x, %v11 : tensor<64xi1>, tensor<64xf32>
  %p13 = kerf.compare %v12, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v13 = kerf.select %p13, %x, %v12 : tensor<64xi1>, tensor<64xf32>
  %p14 = kerf.compare %v13, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v14 = kerf.select %p14, %x, %v13 : tensor<64xi1>, tensor<64xf32>
  %p15 = kerf.compare %v14, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v15 = kerf.select %p15, %x, %v14 : tensor<64xi1>, tensor<64xf32>
  %p16 = kerf.compare %v15, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v16 = kerf.select %p16, %x, %v15 : tensor<64xi1>, tensor<64xf32>
  %p17 = kerf.compare %v16, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v17 = kerf.select %p17, %x, %v16 : tensor<64xi1>, tensor<64xf32>
  %p18 = kerf.compare %v17, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v18 = kerf.select %p18, %x, %v17 : tensor<64xi1>, tensor<64xf32>
  %p19 = kerf.compare %v18, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v19 = kerf.select %p19, %x, %v18 : tensor<64xi1>, tensor<64xf32>
  %p20 = kerf.compare %v19, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v20 = kerf.select %p20, %x, %v19 : tensor<64xi1>, tensor<64xf32>
  %p21 = kerf.compare %v20, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v21 = kerf.select %p21, %x, %v20 : tensor<64xi1>, tensor<64xf32>
  %p22 = kerf.compare %v21, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v22 = kerf.select %p22, %x, %v21 : tensor<64xi1>, tensor<64xf32>
  %p23 = kerf.compare %v22, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v23 = kerf.select %p23, %x, %v22 : tensor<64xi1>, tensor<64xf32>
  %p24 = kerf.compare %v23, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v24 = kerf.select %p24, %x, %v23 : tensor<64xi1>, tensor<64xf32>
  %p25 = kerf.compare %v24, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v25 = kerf.select %p25, %x, %v24 : tensor<64xi1>, tensor<64xf32>
  %p26 = kerf.compare %v25, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v26 = kerf.select %p26, %x, %v25 : tensor<64xi1>, tensor<64xf32>
  %p27 = kerf.compare %v26, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v27 = kerf.select %p27, %x, %v26 : tensor<64xi1>, tensor<64xf32>
  %p28 = kerf.compare %v27, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v28 = kerf.select %p28, %x, %v27 : tensor<64xi1>, tensor<64xf32>
  %p29 = kerf.compare %v28, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v29 = kerf.select %p29, %x, %v28 : tensor<64xi1>, tensor<64xf32>
  %p30 = kerf.compare %v29, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v30 = kerf.select %p30, %x, %v29 : tensor<64xi1>, tensor<64xf32>
  %p31 = kerf.compare %v30, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v31 = kerf.select %p31, %x, %v30 : tensor<64xi1>, tensor<64xf32>
  %p32 = kerf.compare %v31, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v32 = kerf.select %p32, %x, %v31 : tensor<64xi1>, tensor<64xf32>
  %p33 = kerf.compare %v32, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v33 = kerf.select %p33, %x, %v32 : tensor<64xi1>, tensor<64xf32>
  %p34 = kerf.compare %v33, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v34 = kerf.select %p34, %x, %v33 : tensor<64xi1>, tensor<64xf32>
  %p35 = kerf.compare %v34, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v35 = kerf.select %p35, %x, %v34 : tensor<64xi1>, tensor<64xf32>
  %p36 = kerf.compare %v35, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v36 = kerf.select %p36, %x, %v35 : tensor<64xi1>, tensor<64xf32>
  %p37 = kerf.compare %v36, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v37 = kerf.select %p37, %x, %v36 : tensor<64xi1>, tensor<64xf32>
  %p38 = kerf.compare %v37, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v38 = kerf.select %p38, %x, %v37 : tensor<64xi1>, tensor<64xf32>
  %p39 = kerf.compare %v38, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v39 = kerf.select %p39, %x, %v38 : tensor<64xi1>, tensor<64xf32>
  %p40 = kerf.compare %v39, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v40 = kerf.select %p40, %x, %v39 : tensor<64xi1>, tensor<64xf32>
  %p41 = kerf.compare %v40, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v41 = kerf.select %p41, %x, %v40 : tensor<64xi1>, tensor<64xf32>
  %p42 = kerf.compare %v41, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v42 = kerf.select %p42, %x, %v41 : tensor<64xi1>, tensor<64xf32>
  %p43 = kerf.compare %v42, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v43 = kerf.select %p43, %x, %v42 : tensor<64xi1>, tensor<64xf32>
  %p44 = kerf.compare %v43, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v44 = kerf.select %p44, %x, %v43 : tensor<64xi1>, tensor<64xf32>
  %p45 = kerf.compare %v44, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v45 = kerf.select %p45, %x, %v44 : tensor<64xi1>, tensor<64xf32>
  %p46 = kerf.compare %v45, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v46 = kerf.select %p46, %x, %v45 : tensor<64xi1>, tensor<64xf32>
  %p47 = kerf.compare %v46, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v47 = kerf.select %p47, %x, %v46 : tensor<64xi1>, tensor<64xf32>
  %p48 = kerf.compare %v47, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v48 = kerf.select %p48, %x, %v47 : tensor<64xi1>, tensor<64xf32>
  %p49 = kerf.compare %v48, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v49 = kerf.select %p49, %x, %v48 : tensor<64xi1>, tensor<64xf32>
  %p50 = kerf.compare %v49, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v50 = kerf.select %p50, %x, %v49 : tensor<64xi1>, tensor<64xf32>
  %p51 = kerf.compare %v50, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v51 = kerf.select %p51, %x, %v50 : tensor<64xi1>, tensor<64xf32>
  %p52 = kerf.compare %v51, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v52 = kerf.select %p52, %x, %v51 : tensor<64xi1>, tensor<64xf32>
  %p53 = kerf.compare %v52, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v53 = kerf.select %p53, %x, %v52 : tensor<64xi1>, tensor<64xf32>
  %p54 = kerf.compare %v53, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v54 = kerf.select %p54, %x, %v53 : tensor<64xi1>, tensor<64xf32>
  %p55 = kerf.compare %v54, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v55 = kerf.select %p55, %x, %v54 : tensor<64xi1>, tensor<64xf32>
  %p56 = kerf.compare %v55, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v56 = kerf.select %p56, %x, %v55 : tensor<64xi1>, tensor<64xf32>
  %p57 = kerf.compare %v56, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v57 = kerf.select %p57, %x, %v56 : tensor<64xi1>, tensor<64xf32>
  %p58 = kerf.compare %v57, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v58 = kerf.select %p58, %x, %v57 : tensor<64xi1>, tensor<64xf32>
  %p59 = kerf.compare %v58, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v59 = kerf.select %p59, %x, %v58 : tensor<64xi1>, tensor<64xf32>
  %p60 = kerf.compare %v59, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v60 = kerf.select %p60, %x, %v59 : tensor<64xi1>, tensor<64xf32>
  %p61 = kerf.compare %v60, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v61 = kerf.select %p61, %x, %v60 : tensor<64xi1>, tensor<64xf32>
  %p62 = kerf.compare %v61, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v62 = kerf.select %p62, %x, %v61 : tensor<64xi1>, tensor<64xf32>
  %p63 = kerf.compare %v62, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v63 = kerf.select %p63, %x, %v62 : tensor<64xi1>, tensor<64xf32>
  %p64 = kerf.compare %v63, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v64 = kerf.select %p64, %x, %v63 : tensor<64xi1>, tensor<64xf32>
  %p65 = kerf.compare %v64, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v65 = kerf.select %p65, %x, %v64 : tensor<64xi1>, tensor<64xf32>
  %p66 = kerf.compare %v65, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v66 = kerf.select %p66, %x, %v65 : tensor<64xi1>, tensor<64xf32>
  %p67 = kerf.compare %v66, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v67 = kerf.select %p67, %x, %v66 : tensor<64xi1>, tensor<64xf32>
  %p68 = kerf.compare %v67, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v68 = kerf.select %p68, %x, %v67 : tensor<64xi1>, tensor<64xf32>
  %p69 = kerf.compare %v68, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v69 = kerf.select %p69, %x, %v68 : tensor<64xi1>, tensor<64xf32>
  %p70 = kerf.compare %v69, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v70 = kerf.select %p70, %x, %v69 : tensor<64xi1>, tensor<64xf32>
  %p71 = kerf.compare %v70, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v71 = kerf.select %p71, %x, %v70 : tensor<64xi1>, tensor<64xf32>
  %p72 = kerf.compare %v71, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v72 = kerf.select %p72, %x, %v71 : tensor<64xi1>, tensor<64xf32>
  %p73 = kerf.compare %v72, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v73 = kerf.select %p73, %x, %v72 : tensor<64xi1>, tensor<64xf32>
  %p74 = kerf.compare %v73, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v74 = kerf.select %p74, %x, %v73 : tensor<64xi1>, tensor<64xf32>
  %p75 = kerf.compare %v74, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v75 = kerf.select %p75, %x, %v74 : tensor<64xi1>, tensor<64xf32>
  %p76 = kerf.compare %v75, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v76 = kerf.select %p76, %x, %v75 : tensor<64xi1>, tensor<64xf32>
  %p77 = kerf.compare %v76, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v77 = kerf.select %p77, %x, %v76 : tensor<64xi1>, tensor<64xf32>
  %p78 = kerf.compare %v77, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v78 = kerf.select %p78, %x, %v77 : tensor<64xi1>, tensor<64xf32>
  %p79 = kerf.compare %v78, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v79 = kerf.select %p79, %x, %v78 : tensor<64xi1>, tensor<64xf32>
  %p80 = kerf.compare %v79, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v80 = kerf.select %p80, %x, %v79 : tensor<64xi1>, tensor<64xf32>
  %p81 = kerf.compare %v80, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v81 = kerf.select %p81, %x, %v80 : tensor<64xi1>, tensor<64xf32>
  %p82 = kerf.compare %v81, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v82 = kerf.select %p82, %x, %v81 : tensor<64xi1>, tensor<64xf32>
  %p83 = kerf.compare %v82, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v83 = kerf.select %p83, %x, %v82 : tensor<64xi1>, tensor<64xf32>
  %p84 = kerf.compare %v83, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v84 = kerf.select %p84, %x, %v83 : tensor<64xi1>, tensor<64xf32>
  %p85 = kerf.compare %v84, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v85 = kerf.select %p85, %x, %v84 : tensor<64xi1>, tensor<64xf32>
  %p86 = kerf.compare %v85, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v86 = kerf.select %p86, %x, %v85 : tensor<64xi1>, tensor<64xf32>
  %p87 = kerf.compare %v86, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v87 = kerf.select %p87, %x, %v86 : tensor<64xi1>, tensor<64xf32>
  %p88 = kerf.compare %v87, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v88 = kerf.select %p88, %x, %v87 : tensor<64xi1>, tensor<64xf32>
  %p89 = kerf.compare %v88, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v89 = kerf.select %p89, %x, %v88 : tensor<64xi1>, tensor<64xf32>
  %p90 = kerf.compare %v89, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v90 = kerf.select %p90, %x, %v89 : tensor<64xi1>, tensor<64xf32>
  %p91 = kerf.compare %v90, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v91 = kerf.select %p91, %x, %v90 : tensor<64xi1>, tensor<64xf32>
  %p92 = kerf.compare %v91, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v92 = kerf.select %p92, %x, %v91 : tensor<64xi1>, tensor<64xf32>
  %p93 = kerf.compare %v92, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v93 = kerf.select %p93, %x, %v92 : tensor<64xi1>, tensor<64xf32>
  %p94 = kerf.compare %v93, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v94 = kerf.select %p94, %x, %v93 : tensor<64xi1>, tensor<64xf32>
  %p95 = kerf.compare %v94, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v95 = kerf.select %p95, %x, %v94 : tensor<64xi1>, tensor<64xf32>
  %p96 = kerf.compare %v95, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v96 = kerf.select %p96, %x, %v95 : tensor<64xi1>, tensor<64xf32>
  %p97 = kerf.compare %v96, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v97 = kerf.select %p97, %x, %v96 : tensor<64xi1>, tensor<64xf32>
  %p98 = kerf.compare %v97, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v98 = kerf.select %p98, %x, %v97 : tensor<64xi1>, tensor<64xf32>
  %p99 = kerf.compare %v98, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v99 = kerf.select %p99, %x, %v98 : tensor<64xi1>, tensor<64xf32>
  %p100 = kerf.compare %v99, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v100 = kerf.select %p100, %x, %v99 : tensor<64xi1>, tensor<64xf32>
  %p101 = kerf.compare %v100, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v101 = kerf.select %p101, %x, %v100 : tensor<64xi1>, tensor<64xf32>
  %p102 = kerf.compare %v101, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v102 = kerf.select %p102, %x, %v101 : tensor<64xi1>, tensor<64xf32>
  %p103 = kerf.compare %v102, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v103 = kerf.select %p103, %x, %v102 : tensor<64xi1>, tensor<64xf32>
  %p104 = kerf.compare %v103, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v104 = kerf.select %p104, %x, %v103 : tensor<64xi1>, tensor<64xf32>
  %p105 = kerf.compare %v104, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v105 = kerf.select %p105, %x, %v104 : tensor<64xi1>, tensor<64xf32>
  %p106 = kerf.compare %v105, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v106 = kerf.select %p106, %x, %v105 : tensor<64xi1>, tensor<64xf32>
  %p107 = kerf.compare %v106, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v107 = kerf.select %p107, %x, %v106 : tensor<64xi1>, tensor<64xf32>
  %p108 = kerf.compare %v107, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v108 = kerf.select %p108, %x, %v107 : tensor<64xi1>, tensor<64xf32>
  %p109 = kerf.compare %v108, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v109 = kerf.select %p109, %x, %v108 : tensor<64xi1>, tensor<64xf32>
  %p110 = kerf.compare %v109, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v110 = kerf.select %p110, %x, %v109 : tensor<64xi1>, tensor<64xf32>
  %p111 = kerf.compare %v110, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v111 = kerf.select %p111, %x, %v110 : tensor<64xi1>, tensor<64xf32>
  %p112 = kerf.compare %v111, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v112 = kerf.select %p112, %x, %v111 : tensor<64xi1>, tensor<64xf32>
  %p113 = kerf.compare %v112, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v113 = kerf.select %p113, %x, %v112 : tensor<64xi1>, tensor<64xf32>
  %p114 = kerf.compare %v113, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v114 = kerf.select %p114, %x, %v113 : tensor<64xi1>, tensor<64xf32>
  %p115 = kerf.compare %v114, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v115 = kerf.select %p115, %x, %v114 : tensor<64xi1>, tensor<64xf32>
  %p116 = kerf.compare %v115, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v116 = kerf.select %p116, %x, %v115 : tensor<64xi1>, tensor<64xf32>
  %p117 = kerf.compare %v116, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v117 = kerf.select %p117, %x, %v116 : tensor<64xi1>, tensor<64xf32>
  %p118 = kerf.compare %v117, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v118 = kerf.select %p118, %x, %v117 : tensor<64xi1>, tensor<64xf32>
  %p119 = kerf.compare %v118, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v119 = kerf.select %p119, %x, %v118 : tensor<64xi1>, tensor<64xf32>
  %p120 = kerf.compare %v119, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v120 = kerf.select %p120, %x, %v119 : tensor<64xi1>, tensor<64xf32>
  %p121 = kerf.compare %v120, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v121 = kerf.select %p121, %x, %v120 : tensor<64xi1>, tensor<64xf32>
  %p122 = kerf.compare %v121, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v122 = kerf.select %p122, %x, %v121 : tensor<64xi1>, tensor<64xf32>
  %p123 = kerf.compare %v122, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v123 = kerf.select %p123, %x, %v122 : tensor<64xi1>, tensor<64xf32>
  %p124 = kerf.compare %v123, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v124 = kerf.select %p124, %x, %v123 : tensor<64xi1>, tensor<64xf32>
  %p125 = kerf.compare %v124, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v125 = kerf.select %p125, %x, %v124 : tensor<64xi1>, tensor<64xf32>
  %p126 = kerf.compare %v125, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v126 = kerf.select %p126, %x, %v125 : tensor<64xi1>, tensor<64xf32>
  %p127 = kerf.compare %v126, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v127 = kerf.select %p127, %x, %v126 : tensor<64xi1>, tensor<64xf32>
  %p128 = kerf.compare %v127, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v128 = kerf.select %p128, %x, %v127 : tensor<64xi1>, tensor<64xf32>
  %p129 = kerf.compare %v128, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v129 = kerf.select %p129, %x, %v128 : tensor<64xi1>, tensor<64xf32>
  %p130 = kerf.compare %v129, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v130 = kerf.select %p130, %x, %v129 : tensor<64xi1>, tensor<64xf32>
  %p131 = kerf.compare %v130, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v131 = kerf.select %p131, %x, %v130 : tensor<64xi1>, tensor<64xf32>
  %p132 = kerf.compare %v131, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v132 = kerf.select %p132, %x, %v131 : tensor<64xi1>, tensor<64xf32>
  %p133 = kerf.compare %v132, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v133 = kerf.select %p133, %x, %v132 : tensor<64xi1>, tensor<64xf32>
  %p134 = kerf.compare %v133, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v134 = kerf.select %p134, %x, %v133 : tensor<64xi1>, tensor<64xf32>
  %p135 = kerf.compare %v134, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v135 = kerf.select %p135, %x, %v134 : tensor<64xi1>, tensor<64xf32>
  %p136 = kerf.compare %v135, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v136 = kerf.select %p136, %x, %v135 : tensor<64xi1>, tensor<64xf32>
  %p137 = kerf.compare %v136, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v137 = kerf.select %p137, %x, %v136 : tensor<64xi1>, tensor<64xf32>
  %p138 = kerf.compare %v137, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v138 = kerf.select %p138, %x, %v137 : tensor<64xi1>, tensor<64xf32>
  %p139 = kerf.compare %v138, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v139 = kerf.select %p139, %x, %v138 : tensor<64xi1>, tensor<64xf32>
  %p140 = kerf.compare %v139, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v140 = kerf.select %p140, %x, %v139 : tensor<64xi1>, tensor<64xf32>
  %p141 = kerf.compare %v140, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v141 = kerf.select %p141, %x, %v140 : tensor<64xi1>, tensor<64xf32>
  %p142 = kerf.compare %v141, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v142 = kerf.select %p142, %x, %v141 : tensor<64xi1>, tensor<64xf32>
  %p143 = kerf.compare %v142, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v143 = kerf.select %p143, %x, %v142 : tensor<64xi1>, tensor<64xf32>
  %p144 = kerf.compare %v143, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v144 = kerf.select %p144, %x, %v143 : tensor<64xi1>, tensor<64xf32>
  %p145 = kerf.compare %v144, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v145 = kerf.select %p145, %x, %v144 : tensor<64xi1>, tensor<64xf32>
  %p146 = kerf.compare %v145, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v146 = kerf.select %p146, %x, %v145 : tensor<64xi1>, tensor<64xf32>
  %p147 = kerf.compare %v146, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v147 = kerf.select %p147, %x, %v146 : tensor<64xi1>, tensor<64xf32>
  %p148 = kerf.compare %v147, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v148 = kerf.select %p148, %x, %v147 : tensor<64xi1>, tensor<64xf32>
  %p149 = kerf.compare %v148, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v149 = kerf.select %p149, %x, %v148 : tensor<64xi1>, tensor<64xf32>
  %p150 = kerf.compare %v149, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v150 = kerf.select %p150, %x, %v149 : tensor<64xi1>, tensor<64xf32>
  %p151 = kerf.compare %v150, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v151 = kerf.select %p151, %x, %v150 : tensor<64xi1>, tensor<64xf32>
  %p152 = kerf.compare %v151, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v152 = kerf.select %p152, %x, %v151 : tensor<64xi1>, tensor<64xf32>
  %p153 = kerf.compare %v152, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v153 = kerf.select %p153, %x, %v152 : tensor<64xi1>, tensor<64xf32>
  %p154 = kerf.compare %v153, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v154 = kerf.select %p154, %x, %v153 : tensor<64xi1>, tensor<64xf32>
  %p155 = kerf.compare %v154, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v155 = kerf.select %p155, %x, %v154 : tensor<64xi1>, tensor<64xf32>
  %p156 = kerf.compare %v155, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v156 = kerf.select %p156, %x, %v155 : tensor<64xi1>, tensor<64xf32>
  %p157 = kerf.compare %v156, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v157 = kerf.select %p157, %x, %v156 : tensor<64xi1>, tensor<64xf32>
  %p158 = kerf.compare %v157, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v158 = kerf.select %p158, %x, %v157 : tensor<64xi1>, tensor<64xf32>
  %p159 = kerf.compare %v158, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v159 = kerf.select %p159, %x, %v158 : tensor<64xi1>, tensor<64xf32>
  %p160 = kerf.compare %v159, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v160 = kerf.select %p160, %x, %v159 : tensor<64xi1>, tensor<64xf32>
  %p161 = kerf.compare %v160, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v161 = kerf.select %p161, %x, %v160 : tensor<64xi1>, tensor<64xf32>
  %p162 = kerf.compare %v161, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v162 = kerf.select %p162, %x, %v161 : tensor<64xi1>, tensor<64xf32>
  %p163 = kerf.compare %v162, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v163 = kerf.select %p163, %x, %v162 : tensor<64xi1>, tensor<64xf32>
  %p164 = kerf.compare %v163, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v164 = kerf.select %p164, %x, %v163 : tensor<64xi1>, tensor<64xf32>
  %p165 = kerf.compare %v164, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v165 = kerf.select %p165, %x, %v164 : tensor<64xi1>, tensor<64xf32>
  %p166 = kerf.compare %v165, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v166 = kerf.select %p166, %x, %v165 : tensor<64xi1>, tensor<64xf32>
  %p167 = kerf.compare %v166, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v167 = kerf.select %p167, %x, %v166 : tensor<64xi1>, tensor<64xf32>
  %p168 = kerf.compare %v167, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v168 = kerf.select %p168, %x, %v167 : tensor<64xi1>, tensor<64xf32>
  %p169 = kerf.compare %v168, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v169 = kerf.select %p169, %x, %v168 : tensor<64xi1>, tensor<64xf32>
  %p170 = kerf.compare %v169, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v170 = kerf.select %p170, %x, %v169 : tensor<64xi1>, tensor<64xf32>
  %p171 = kerf.compare %v170, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v171 = kerf.select %p171, %x, %v170 : tensor<64xi1>, tensor<64xf32>
  %p172 = kerf.compare %v171, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v172 = kerf.select %p172, %x, %v171 : tensor<64xi1>, tensor<64xf32>
  %p173 = kerf.compare %v172, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v173 = kerf.select %p173, %x, %v172 : tensor<64xi1>, tensor<64xf32>
  %p174 = kerf.compare %v173, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v174 = kerf.select %p174, %x, %v173 : tensor<64xi1>, tensor<64xf32>
  %p175 = kerf.compare %v174, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v175 = kerf.select %p175, %x, %v174 : tensor<64xi1>, tensor<64xf32>
  %p176 = kerf.compare %v175, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v176 = kerf.select %p176, %x, %v175 : tensor<64xi1>, tensor<64xf32>
  %p177 = kerf.compare %v176, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v177 = kerf.select %p177, %x, %v176 : tensor<64xi1>, tensor<64xf32>
  %p178 = kerf.compare %v177, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v178 = kerf.select %p178, %x, %v177 : tensor<64xi1>, tensor<64xf32>
  %p179 = kerf.compare %v178, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v179 = kerf.select %p179, %x, %v178 : tensor<64xi1>, tensor<64xf32>
  %p180 = kerf.compare %v179, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v180 = kerf.select %p180, %x, %v179 : tensor<64xi1>, tensor<64xf32>
  %p181 = kerf.compare %v180, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v181 = kerf.select %p181, %x, %v180 : tensor<64xi1>, tensor<64xf32>
  %p182 = kerf.compare %v181, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v182 = kerf.select %p182, %x, %v181 : tensor<64xi1>, tensor<64xf32>
  %p183 = kerf.compare %v182, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v183 = kerf.select %p183, %x, %v182 : tensor<64xi1>, tensor<64xf32>
  %p184 = kerf.compare %v183, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v184 = kerf.select %p184, %x, %v183 : tensor<64xi1>, tensor<64xf32>
  %p185 = kerf.compare %v184, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v185 = kerf.select %p185, %x, %v184 : tensor<64xi1>, tensor<64xf32>
  %p186 = kerf.compare %v185, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v186 = kerf.select %p186, %x, %v185 : tensor<64xi1>, tensor<64xf32>
  %p187 = kerf.compare %v186, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v187 = kerf.select %p187, %x, %v186 : tensor<64xi1>, tensor<64xf32>
  %p188 = kerf.compare %v187, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v188 = kerf.select %p188, %x, %v187 : tensor<64xi1>, tensor<64xf32>
  %p189 = kerf.compare %v188, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v189 = kerf.select %p189, %x, %v188 : tensor<64xi1>, tensor<64xf32>
  %p190 = kerf.compare %v189, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v190 = kerf.select %p190, %x, %v189 : tensor<64xi1>, tensor<64xf32>
  %p191 = kerf.compare %v190, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v191 = kerf.select %p191, %x, %v190 : tensor<64xi1>, tensor<64xf32>
  %p192 = kerf.compare %v191, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v192 = kerf.select %p192, %x, %v191 : tensor<64xi1>, tensor<64xf32>
  %p193 = kerf.compare %v192, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v193 = kerf.select %p193, %x, %v192 : tensor<64xi1>, tensor<64xf32>
  %p194 = kerf.compare %v193, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v194 = kerf.select %p194, %x, %v193 : tensor<64xi1>, tensor<64xf32>
  %p195 = kerf.compare %v194, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v195 = kerf.select %p195, %x, %v194 : tensor<64xi1>, tensor<64xf32>
  %p196 = kerf.compare %v195, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v196 = kerf.select %p196, %x, %v195 : tensor<64xi1>, tensor<64xf32>
  %p197 = kerf.compare %v196, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v197 = kerf.select %p197, %x, %v196 : tensor<64xi1>, tensor<64xf32>
  %p198 = kerf.compare %v197, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v198 = kerf.select %p198, %x, %v197 : tensor<64xi1>, tensor<64xf32>
  %p199 = kerf.compare %v198, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v199 = kerf.select %p199, %x, %v198 : tensor<64xi1>, tensor<64xf32>
  %p200 = kerf.compare %v199, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v200 = kerf.select %p200, %x, %v199 : tensor<64xi1>, tensor<64xf32>
  %p201 = kerf.compare %v200, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v201 = kerf.select %p201, %x, %v200 : tensor<64xi1>, tensor<64xf32>
  %p202 = kerf.compare %v201, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v202 = kerf.select %p202, %x, %v201 : tensor<64xi1>, tensor<64xf32>
  %p203 = kerf.compare %v202, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v203 = kerf.select %p203, %x, %v202 : tensor<64xi1>, tensor<64xf32>
  %p204 = kerf.compare %v203, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v204 = kerf.select %p204, %x, %v203 : tensor<64xi1>, tensor<64xf32>
  %p205 = kerf.compare %v204, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v205 = kerf.select %p205, %x, %v204 : tensor<64xi1>, tensor<64xf32>
  %p206 = kerf.compare %v205, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v206 = kerf.select %p206, %x, %v205 : tensor<64xi1>, tensor<64xf32>
  %p207 = kerf.compare %v206, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v207 = kerf.select %p207, %x, %v206 : tensor<64xi1>, tensor<64xf32>
  %p208 = kerf.compare %v207, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v208 = kerf.select %p208, %x, %v207 : tensor<64xi1>, tensor<64xf32>
  %p209 = kerf.compare %v208, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v209 = kerf.select %p209, %x, %v208 : tensor<64xi1>, tensor<64xf32>
  %p210 = kerf.compare %v209, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v210 = kerf.select %p210, %x, %v209 : tensor<64xi1>, tensor<64xf32>
  %p211 = kerf.compare %v210, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v211 = kerf.select %p211, %x, %v210 : tensor<64xi1>, tensor<64xf32>
  %p212 = kerf.compare %v211, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v212 = kerf.select %p212, %x, %v211 : tensor<64xi1>, tensor<64xf32>
  %p213 = kerf.compare %v212, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v213 = kerf.select %p213, %x, %v212 : tensor<64xi1>, tensor<64xf32>
  %p214 = kerf.compare %v213, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v214 = kerf.select %p214, %x, %v213 : tensor<64xi1>, tensor<64xf32>
  %p215 = kerf.compare %v214, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v215 = kerf.select %p215, %x, %v214 : tensor<64xi1>, tensor<64xf32>
  %p216 = kerf.compare %v215, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v216 = kerf.select %p216, %x, %v215 : tensor<64xi1>, tensor<64xf32>
  %p217 = kerf.compare %v216, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v217 = kerf.select %p217, %x, %v216 : tensor<64xi1>, tensor<64xf32>
  %p218 = kerf.compare %v217, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v218 = kerf.select %p218, %x, %v217 : tensor<64xi1>, tensor<64xf32>
  %p219 = kerf.compare %v218, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v219 = kerf.select %p219, %x, %v218 : tensor<64xi1>, tensor<64xf32>
  %p220 = kerf.compare %v219, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v220 = kerf.select %p220, %x, %v219 : tensor<64xi1>, tensor<64xf32>
  %p221 = kerf.compare %v220, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v221 = kerf.select %p221, %x, %v220 : tensor<64xi1>, tensor<64xf32>
  %p222 = kerf.compare %v221, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v222 = kerf.select %p222, %x, %v221 : tensor<64xi1>, tensor<64xf32>
  %p223 = kerf.compare %v222, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v223 = kerf.select %p223, %x, %v222 : tensor<64xi1>, tensor<64xf32>
  %p224 = kerf.compare %v223, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v224 = kerf.select %p224, %x, %v223 : tensor<64xi1>, tensor<64xf32>
  %p225 = kerf.compare %v224, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v225 = kerf.select %p225, %x, %v224 : tensor<64xi1>, tensor<64xf32>
  %p226 = kerf.compare %v225, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v226 = kerf.select %p226, %x, %v225 : tensor<64xi1>, tensor<64xf32>
  %p227 = kerf.compare %v226, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v227 = kerf.select %p227, %x, %v226 : tensor<64xi1>, tensor<64xf32>
  %p228 = kerf.compare %v227, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v228 = kerf.select %p228, %x, %v227 : tensor<64xi1>, tensor<64xf32>
  %p229 = kerf.compare %v228, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v229 = kerf.select %p229, %x, %v228 : tensor<64xi1>, tensor<64xf32>
  %p230 = kerf.compare %v229, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v230 = kerf.select %p230, %x, %v229 : tensor<64xi1>, tensor<64xf32>
  %p231 = kerf.compare %v230, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v231 = kerf.select %p231, %x, %v230 : tensor<64xi1>, tensor<64xf32>
  %p232 = kerf.compare %v231, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v232 = kerf.select %p232, %x, %v231 : tensor<64xi1>, tensor<64xf32>
  %p233 = kerf.compare %v232, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v233 = kerf.select %p233, %x, %v232 : tensor<64xi1>, tensor<64xf32>
  %p234 = kerf.compare %v233, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v234 = kerf.select %p234, %x, %v233 : tensor<64xi1>, tensor<64xf32>
  %p235 = kerf.compare %v234, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v235 = kerf.select %p235, %x, %v234 : tensor<64xi1>, tensor<64xf32>
  %p236 = kerf.compare %v235, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v236 = kerf.select %p236, %x, %v235 : tensor<64xi1>, tensor<64xf32>
  %p237 = kerf.compare %v236, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v237 = kerf.select %p237, %x, %v236 : tensor<64xi1>, tensor<64xf32>
  %p238 = kerf.compare %v237, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v238 = kerf.select %p238, %x, %v237 : tensor<64xi1>, tensor<64xf32>
  %p239 = kerf.compare %v238, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v239 = kerf.select %p239, %x, %v238 : tensor<64xi1>, tensor<64xf32>
  %p240 = kerf.compare %v239, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v240 = kerf.select %p240, %x, %v239 : tensor<64xi1>, tensor<64xf32>
  %p241 = kerf.compare %v240, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v241 = kerf.select %p241, %x, %v240 : tensor<64xi1>, tensor<64xf32>
  %p242 = kerf.compare %v241, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v242 = kerf.select %p242, %x, %v241 : tensor<64xi1>, tensor<64xf32>
  %p243 = kerf.compare %v242, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v243 = kerf.select %p243, %x, %v242 : tensor<64xi1>, tensor<64xf32>
  %p244 = kerf.compare %v243, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v244 = kerf.select %p244, %x, %v243 : tensor<64xi1>, tensor<64xf32>
  %p245 = kerf.compare %v244, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v245 = kerf.select %p245, %x, %v244 : tensor<64xi1>, tensor<64xf32>
  %p246 = kerf.compare %v245, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v246 = kerf.select %p246, %x, %v245 : tensor<64xi1>, tensor<64xf32>
  %p247 = kerf.compare %v246, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v247 = kerf.select %p247, %x, %v246 : tensor<64xi1>, tensor<64xf32>
  %p248 = kerf.compare %v247, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v248 = kerf.select %p248, %x, %v247 : tensor<64xi1>, tensor<64xf32>
  %p249 = kerf.compare %v248, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v249 = kerf.select %p249, %x, %v248 : tensor<64xi1>, tensor<64xf32>
  %p250 = kerf.compare %v249, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v250 = kerf.select %p250, %x, %v249 : tensor<64xi1>, tensor<64xf32>
  %p251 = kerf.compare %v250, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v251 = kerf.select %p251, %x, %v250 : tensor<64xi1>, tensor<64xf32>
  %p252 = kerf.compare %v251, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v252 = kerf.select %p252, %x, %v251 : tensor<64xi1>, tensor<64xf32>
  %p253 = kerf.compare %v252, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v253 = kerf.select %p253, %x, %v252 : tensor<64xi1>, tensor<64xf32>
  %p254 = kerf.compare %v253, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v254 = kerf.select %p254, %x, %v253 : tensor<64xi1>, tensor<64xf32>
  %p255 = kerf.compare %v254, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v255 = kerf.select %p255, %x, %v254 : tensor<64xi1>, tensor<64xf32>
  %p256 = kerf.compare %v255, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v256 = kerf.select %p256, %x, %v255 : tensor<64xi1>, tensor<64xf32>
  %p257 = kerf.compare %v256, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v257 = kerf.select %p257, %x, %v256 : tensor<64xi1>, tensor<64xf32>
  %p258 = kerf.compare %v257, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v258 = kerf.select %p258, %x, %v257 : tensor<64xi1>, tensor<64xf32>
  %p259 = kerf.compare %v258, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v259 = kerf.select %p259, %x, %v258 : tensor<64xi1>, tensor<64xf32>
  %p260 = kerf.compare %v259, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v260 = kerf.select %p260, %x, %v259 : tensor<64xi1>, tensor<64xf32>
  %p261 = kerf.compare %v260, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v261 = kerf.select %p261, %x, %v260 : tensor<64xi1>, tensor<64xf32>
  %p262 = kerf.compare %v261, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v262 = kerf.select %p262, %x, %v261 : tensor<64xi1>, tensor<64xf32>
  %p263 = kerf.compare %v262, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v263 = kerf.select %p263, %x, %v262 : tensor<64xi1>, tensor<64xf32>
  %p264 = kerf.compare %v263, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v264 = kerf.select %p264, %x, %v263 : tensor<64xi1>, tensor<64xf32>
  %p265 = kerf.compare %v264, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v265 = kerf.select %p265, %x, %v264 : tensor<64xi1>, tensor<64xf32>
  %p266 = kerf.compare %v265, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v266 = kerf.select %p266, %x, %v265 : tensor<64xi1>, tensor<64xf32>
  %p267 = kerf.compare %v266, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v267 = kerf.select %p267, %x, %v266 : tensor<64xi1>, tensor<64xf32>
  %p268 = kerf.compare %v267, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v268 = kerf.select %p268, %x, %v267 : tensor<64xi1>, tensor<64xf32>
  %p269 = kerf.compare %v268, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v269 = kerf.select %p269, %x, %v268 : tensor<64xi1>, tensor<64xf32>
  %p270 = kerf.compare %v269, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v270 = kerf.select %p270, %x, %v269 : tensor<64xi1>, tensor<64xf32>
  %p271 = kerf.compare %v270, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v271 = kerf.select %p271, %x, %v270 : tensor<64xi1>, tensor<64xf32>
  %p272 = kerf.compare %v271, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v272 = kerf.select %p272, %x, %v271 : tensor<64xi1>, tensor<64xf32>
  %p273 = kerf.compare %v272, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v273 = kerf.select %p273, %x, %v272 : tensor<64xi1>, tensor<64xf32>
  %p274 = kerf.compare %v273, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v274 = kerf.select %p274, %x, %v273 : tensor<64xi1>, tensor<64xf32>
  %p275 = kerf.compare %v274, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v275 = kerf.select %p275, %x, %v274 : tensor<64xi1>, tensor<64xf32>
  %p276 = kerf.compare %v275, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v276 = kerf.select %p276, %x, %v275 : tensor<64xi1>, tensor<64xf32>
  %p277 = kerf.compare %v276, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v277 = kerf.select %p277, %x, %v276 : tensor<64xi1>, tensor<64xf32>
  %p278 = kerf.compare %v277, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v278 = kerf.select %p278, %x, %v277 : tensor<64xi1>, tensor<64xf32>
  %p279 = kerf.compare %v278, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v279 = kerf.select %p279, %x, %v278 : tensor<64xi1>, tensor<64xf32>
  %p280 = kerf.compare %v279, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v280 = kerf.select %p280, %x, %v279 : tensor<64xi1>, tensor<64xf32>
  %p281 = kerf.compare %v280, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v281 = kerf.select %p281, %x, %v280 : tensor<64xi1>, tensor<64xf32>
  %p282 = kerf.compare %v281, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v282 = kerf.select %p282, %x, %v281 : tensor<64xi1>, tensor<64xf32>
  %p283 = kerf.compare %v282, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v283 = kerf.select %p283, %x, %v282 : tensor<64xi1>, tensor<64xf32>
  %p284 = kerf.compare %v283, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v284 = kerf.select %p284, %x, %v283 : tensor<64xi1>, tensor<64xf32>
  %p285 = kerf.compare %v284, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v285 = kerf.select %p285, %x, %v284 : tensor<64xi1>, tensor<64xf32>
  %p286 = kerf.compare %v285, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v286 = kerf.select %p286, %x, %v285 : tensor<64xi1>, tensor<64xf32>
  %p287 = kerf.compare %v286, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v287 = kerf.select %p287, %x, %v286 : tensor<64xi1>, tensor<64xf32>
  %p288 = kerf.compare %v287, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v288 = kerf.select %p288, %x, %v287 : tensor<64xi1>, tensor<64xf32>
  %p289 = kerf.compare %v288, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v289 = kerf.select %p289, %x, %v288 : tensor<64xi1>, tensor<64xf32>
  %p290 = kerf.compare %v289, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v290 = kerf.select %p290, %x, %v289 : tensor<64xi1>, tensor<64xf32>
  %p291 = kerf.compare %v290, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v291 = kerf.select %p291, %x, %v290 : tensor<64xi1>, tensor<64xf32>
  %p292 = kerf.compare %v291, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v292 = kerf.select %p292, %x, %v291 : tensor<64xi1>, tensor<64xf32>
  %p293 = kerf.compare %v292, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v293 = kerf.select %p293, %x, %v292 : tensor<64xi1>, tensor<64xf32>
  %p294 = kerf.compare %v293, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v294 = kerf.select %p294, %x, %v293 : tensor<64xi1>, tensor<64xf32>
  %p295 = kerf.compare %v294, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v295 = kerf.select %p295, %x, %v294 : tensor<64xi1>, tensor<64xf32>
  %p296 = kerf.compare %v295, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v296 = kerf.select %p296, %x, %v295 : tensor<64xi1>, tensor<64xf32>
  %p297 = kerf.compare %v296, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v297 = kerf.select %p297, %x, %v296 : tensor<64xi1>, tensor<64xf32>
  %p298 = kerf.compare %v297, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v298 = kerf.select %p298, %x, %v297 : tensor<64xi1>, tensor<64xf32>
  %p299 = kerf.compare %v298, %x, predicate = "lt" : tensor<64xf32> -> tensor<64xi1>
  %v299 = kerf.select %p299, %x, %v298 : tensor<64xi1>, tensor<64xf32>
  return %v299 : tensor<64xf32>
}
}
